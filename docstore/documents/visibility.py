"""What a Scope means for documents: the database's filter, the search engine's, and why in words.

The only place where documents meet access. Everything that shows, counts, finds or serves a document starts here.
"""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from docstore.access.permissions import Permission
from docstore.cases.lifecycle import GONE
from docstore.cases.models import Right
from docstore.cases.scope import Alternative, Grant, Scope, ScopeFilter
from docstore.documents.models import Document, Filing


def visible_to(scope: Scope, *, right: Right = Right.READ) -> QuerySet[Document]:
    """Every document in whose section the actor has `right` and which nothing else keeps from them. Never repeats a row.

    Withdrawn documents are seen by those alone who may restore them; destroyed ones by nobody.
    """
    return _reached(scope, right).exclude(lifecycle__in=GONE)


def gone_for(scope: Scope) -> QuerySet[Document]:
    """Every destroyed document that the actor could have read: those are told so, to others it never was."""
    return _reached(scope, Right.READ).filter(lifecycle__in=GONE)


def _reached(scope: Scope, right: Right) -> QuerySet[Document]:
    if not scope.grants:
        return Document.objects.none()
    named = _named(scope)
    ways = Q(pk__in=[])
    for grant in scope.grants:
        ways |= _way(grant, right, named)
    rows = Document.objects.filter(ways)
    if scope.excluded_cases:
        rows = rows.exclude(Exists(_live_filings().filter(case_id__in=scope.excluded_cases)))
    return rows


def may_be_read(scope: Scope, *, withdrawn: bool = True) -> Exists:
    """Whether the document of a filing is one of these, asked filing by filing; `withdrawn` ones may be left out.

    For lists that begin at a case: they cost what the case has. With `document__in` SQLite would first gather every
    document of the court that the actor may read.
    """
    rows = visible_to(scope).filter(pk=OuterRef("document"))
    return Exists(rows if withdrawn else rows.filter(withdrawn_at__isnull=True))


def visible_filings(scope: Scope) -> QuerySet[Filing]:
    """The live filings through which the actor may read a document, for what needs place and document in one statement.

    The same rule as `visible_to`, asked from the other end; a property test holds the two together.
    """
    if not scope.grants:
        return Filing.objects.none()
    named = _named(scope)
    ways = Q(pk__in=[])
    for grant in scope.grants:
        ways |= grant.filing_filter() & _guard(grant, named, "document__")
    rows = Filing.objects.filter(ways, ended_at__isnull=True).exclude(document__lifecycle__in=GONE)
    if scope.excluded_cases:
        barred = Filing.objects.filter(document=OuterRef("document"), ended_at__isnull=True)
        rows = rows.exclude(Exists(barred.filter(case_id__in=scope.excluded_cases)))
    return rows


def engine_filter(scope: Scope) -> ScopeFilter:
    """The same rule for a search engine. Withdrawn documents are not in the index at all."""
    return ScopeFilter(
        alternatives=tuple(
            Alternative(grant.places(), int(grant.role.clearance), grant.role.opens_sealed)
            for grant in scope.grants
            if Permission.SEARCH in grant.role.permissions
        ),
        named_documents=frozenset(str(one) for one in _named(scope)),
        excluded_cases=frozenset(str(case) for case in scope.excluded_cases),
    )


def _way(grant: Grant, right: Right, named: frozenset[UUID]) -> Q:
    return Q(Exists(_live_filings().filter(grant.filing_filter(right)))) & _guard(grant, named, "")


def _guard(grant: Grant, named: frozenset[UUID], document: str) -> Q:
    """What keeps a document from those who can reach its place; `document` is the path to it."""
    guarded = Q(**{f"{document}rank__lte": grant.role.clearance})
    if not grant.role.opens_sealed:
        guarded &= Q(**{f"{document}sealed": False}) | Q(**{f"{document}pk__in": named})
    if Permission.WITHDRAW_DOCUMENTS not in grant.role.permissions:
        guarded &= Q(**{f"{document}withdrawn_at__isnull": True})
    return guarded


def _live_filings() -> QuerySet[Filing]:
    return Filing.objects.filter(document=OuterRef("pk"), ended_at__isnull=True)


def _named(scope: Scope) -> frozenset[UUID]:
    """Sealed documents whose order names this actor; they still have to be reached through a court or a membership.

    Not asked where every way in opens seals anyway.
    """
    if scope.actor.user_id is None or all(grant.role.opens_sealed for grant in scope.grants):
        return frozenset()
    rows = Document.objects.filter(sealed=True, named__id=scope.actor.user_id)
    return frozenset(rows.values_list("pk", flat=True))
