"""Names that a person gives – a case, a party, a court – become what the index holds, through what they may know.

A document can stand on several cases, and its entry bears the names of all. Without this look in the database a filter
or a facet would tell somebody who sees it on one case of the other (SEC-4, SEC-6).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.timezone import get_current_timezone

from docstore.access.models import Court
from docstore.cases.models import Case, Hearing, Party, Section
from docstore.cases.scope import Scope
from docstore.core.references import normalise
from docstore.search.engine import FacetName, Filters
from docstore.search.tree import All, Either, FieldName, InField, InRange, Not, OnCases, Part, RangeName

MOST_NAMES = 50
MOST_HEARINGS = 1_000
LANGUAGES = {
    **dict.fromkeys(("english", "eng", "en", "saesneg"), ("eng", "en")),
    **dict.fromkeys(("welsh", "cym", "cy", "cymraeg"), ("cym", "cy")),
}
# No stored reference has a dash, so this is on no page.
NOWHERE = InField(FieldName.REFERENCE, "-")


def within_reach(scope: Scope, tree: All, filters: Filters) -> tuple[All, Filters]:
    """Return a query and filters that ask only about cases, courts and parties of which the actor may know."""
    narrowed = list(tree.parts)
    if filters.reference:
        narrowed.append(InField(FieldName.REFERENCE, filters.reference))
    if filters.party:
        narrowed.append(InField(FieldName.PARTY, filters.party))
    if filters.court:
        narrowed.append(InField(FieldName.COURT, filters.court))
    if filters.case and not _opens(scope, filters.case):
        narrowed.append(NOWHERE)
    parts = tuple(_reached(scope, one) for one in narrowed)
    return All(parts), replace(filters, reference=None, party=None, court=None)


def named(scope: Scope, facet: FacetName, values: Sequence[str], *, beside: Iterable[Case] = ()) -> dict[str, str]:
    """Return the names of those values of a facet that the actor may know of; the others are left out.

    What the cases `beside` – those of the hits, just read from the database – tell is not asked for again.
    """
    told = _told_by(scope, facet, beside)
    known = {value: told[value] for value in values if value in told}
    rest = [value for value in values if value not in told]
    return known | _asked_for(scope, facet, rest) if rest else known


def _told_by(scope: Scope, facet: FacetName, cases: Iterable[Case]) -> dict[str, str]:
    """What cases tell of themselves and their courts, of those alone that the actor may open."""
    if facet not in (FacetName.CASE, FacetName.COURT):
        return {}
    opened = [one for one in cases if scope.grants_on(one) and not one.is_gone]
    if facet is FacetName.CASE:
        return {str(one.pk): one.title for one in opened}
    return {one.court.code: one.court.name for one in opened}


def _asked_for(scope: Scope, facet: FacetName, values: Sequence[str]) -> dict[str, str]:
    match facet:
        case FacetName.CASE:
            known = scope.cases().filter(pk__in=values).order_by().values_list("pk", "title")
            return {str(pk): title for pk, title in known}
        case FacetName.COURT:
            courts = _courts(scope).filter(code__in=values)
            return dict(courts.order_by().values_list("code", "name"))
        case FacetName.PARTY:
            # By the index over names in small letters, made small by the database as that index was.
            parties = (
                _parties(scope)
                .alias(small=Lower("name"))
                .filter(small__in=[Lower(Value(value)) for value in values], name__in=values)
            )
            return {name: name for name in parties.order_by().values_list("name", flat=True)}
        case FacetName.SECTION:
            # A document on two cases stands in two sections: the one that the actor may not read is not told.
            readable = {section for grant in scope.grants for section in grant.sections()}
            sections = Section.objects.filter(code__in=values, pk__in=readable).order_by("pk")
            return dict(sections.values_list("code", "name"))
        case FacetName.TYPE | FacetName.YEAR:
            return {value: value for value in values}


def _reached(scope: Scope, part: Part) -> Part:
    match part:
        case All(parts):
            return All(tuple(_reached(scope, one) for one in parts))
        case Either(parts):
            return Either(tuple(_reached(scope, one) for one in parts))
        case Not(inner):
            return Not(_reached(scope, inner))
        case InField(FieldName.CASE | FieldName.REFERENCE as field, value):
            wanted = normalise(value)
            known = scope.cases().filter(references__value=wanted).exists()
            return InField(field, wanted) if known else NOWHERE
        case InRange(RangeName.HEARING, low, high):
            return OnCases(_heard(scope, low, high))
        case InField(field, value):
            return _one_of(field, _spelt(scope, field, value))
        case _:
            return part


def _spelt(scope: Scope, field: FieldName, value: str) -> Iterable[str]:
    """The values of the index that a person means: by the whole name, else by a part of it."""
    match field:
        case FieldName.PARTY:
            names = _parties(scope).order_by().values_list("name", flat=True).distinct()
            return names.filter(name=value)[:1] or names.filter(name__icontains=value)[:MOST_NAMES]
        case FieldName.COURT:
            codes = _courts(scope).order_by().values_list("code", flat=True)
            return codes.filter(code__iexact=value) or codes.filter(name__icontains=value)[:MOST_NAMES]
        case FieldName.SECTION:
            sections = Section.objects.order_by().values_list("code", flat=True).distinct()
            return sections.filter(code__iexact=value) or sections.filter(name__icontains=value)[:MOST_NAMES]
        case FieldName.LANGUAGE:
            return LANGUAGES.get(value.lower(), (value,))
        case _:
            return (value,)


def _heard(scope: Scope, low: int | None, high: int | None) -> frozenset[str]:
    """Cases of which the actor may know that are heard from–to, the nearest hearings first where there are very many."""
    rows = Hearing.objects.filter(scope.opens())
    if low is not None:
        rows = rows.filter(starts_at__gte=_midnight(low))
    if high is not None:
        rows = rows.filter(starts_at__lt=_midnight(high + 1))
    found = rows.order_by("starts_at").values_list("case_id", flat=True)[:MOST_HEARINGS]
    return frozenset(str(case) for case in found)


def _midnight(day: int) -> datetime:
    return datetime.combine(date.fromordinal(day), time(), tzinfo=get_current_timezone())


def _one_of(field: FieldName, values: Iterable[str]) -> Part:
    parts = tuple(InField(field, value) for value in values)
    if not parts:
        return NOWHERE
    return parts[0] if len(parts) == 1 else Either(parts)


def _parties(scope: Scope) -> QuerySet[Party]:
    return Party.objects.filter(scope.opens())


def _courts(scope: Scope) -> QuerySet[Court]:
    return Court.objects.filter(Exists(scope.cases().filter(court=OuterRef("pk")).order_by()))


def _opens(scope: Scope, case: str) -> bool:
    try:
        return scope.cases().filter(pk=UUID(case)).exists()
    except ValueError:
        return False
