"""Each rule between one person and one document, passed or failed, in words (DOM-9.11).

The decision itself is `visibility.visible_to`; a property test holds the two against each other. Of several ways in, the
one that comes closest is told: the fewest failed rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from docstore.access.models import User
from docstore.access.permissions import Permission
from docstore.cases.models import Case, Classification
from docstore.cases.scope import Grant, Scope
from docstore.documents.models import Document, Filing, Version


class RuleName(StrEnum):
    """The rules, in the order in which they are told."""

    ROLE = "Role"
    CASE = "Case"
    SECTION = "Section"
    SIDE = "Side"
    CLASSIFICATION = "Classification"
    SEAL = "Seal"
    WITHDRAWN = "Withdrawn"
    EXCLUSION = "Exclusion"
    VIRUS_CHECK = "Virus check"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it stands for this person and this document."""

    name: RuleName
    passed: bool
    because: str


def rules_for(theirs: Scope, document: Document, version: Version) -> tuple[Rule, ...]:
    """Return every rule for the person whose scope this is. Where nothing reaches the case, only the first ones are told."""
    filings = list(
        Filing.objects.filter(document=document, ended_at__isnull=True).select_related("case__court", "section")
    )
    ways = [tuple(_along(theirs, grant, document, filing)) for filing in filings for grant in _reaching(theirs, filing)]
    ways = ways or [tuple(_outside(theirs, filing.case)) for filing in filings]
    nearest = min(ways, key=lambda rules: sum(not one.passed for one in rules))
    return (*nearest, _exclusion(theirs, filings), _virus_check(version))


def lets_in(rules: tuple[Rule, ...]) -> bool:
    """Whether these rules let the person see the document. The virus check stops the bytes, for everybody."""
    return all(rule.passed for rule in rules if rule.name is not RuleName.VIRUS_CHECK)


def _reaching(theirs: Scope, filing: Filing) -> list[Grant]:
    case = filing.case
    return [
        grant
        for grant in theirs.grants
        if (grant.court == case.court_id and not case.sealed if grant.is_court else case.pk in grant.cases)
    ]


def _outside(theirs: Scope, case: Case) -> Iterator[Rule]:
    """No way in: nothing beyond the case is worth telling."""
    names = sorted({held.role.name for held in theirs.actor.roles})
    yield Rule(
        RuleName.ROLE,
        bool(names),
        ", ".join(names) + "." if names else _("%(person)s holds no role today.") % {"person": theirs.actor.name},
    )
    if case.sealed and case.court.code in theirs.actor.courts:
        because = _("The case is sealed, so court staff, too, must be named on it. %(person)s is not.")
    else:
        because = _("%(person)s holds no role at %(court)s that opens its cases and is not a member of the case today.")
    yield Rule(RuleName.CASE, passed=False, because=because % {"person": theirs.actor.name, "court": case.court})


def _along(theirs: Scope, grant: Grant, document: Document, filing: Filing) -> Iterator[Rule]:
    role = grant.role.name
    yield Rule(RuleName.ROLE, passed=True, because=f"{role}. {grant.role.sentence}")
    way = (
        _("The role is held at %(court)s, and the case is not sealed.") % {"court": filing.case.court}
        if grant.is_court
        else _("Named on the case as %(role)s.") % {"role": role.lower()}
    )
    yield Rule(RuleName.CASE, passed=True, because=way)
    reads = filing.section_id in grant.sections()
    said = _("%(role)s reads “%(section)s”.") if reads else _("%(role)s does not read “%(section)s”.")
    yield Rule(RuleName.SECTION, reads, said % {"role": role, "section": filing.section})
    yield _side(grant, filing)
    yield _clearance(grant, document)
    yield _seal(theirs, grant, document)
    yield _withdrawn(grant, document)


def _side(grant: Grant, filing: Filing) -> Rule:
    if not filing.partition:
        return Rule(RuleName.SIDE, passed=True, because=_("It is for everybody who reads the section."))
    if grant.partitions is None:
        return Rule(RuleName.SIDE, passed=True, because=_("It is kept for one side; the court sees every side."))
    own = filing.partition in grant.partitions
    said = _("It is kept for this person’s own side.") if own else _("It is kept for another side or party.")
    return Rule(RuleName.SIDE, own, said)


def _clearance(grant: Grant, document: Document) -> Rule:
    facts = {
        "rank": Classification(document.rank).name.capitalize(),
        "role": grant.role.name.lower(),
        "most": grant.role.clearance.name.capitalize(),
    }
    said = _("It is %(rank)s. The role %(role)s opens documents up to %(most)s.") % facts
    return Rule(RuleName.CLASSIFICATION, document.rank <= grant.role.clearance, said)


def _seal(theirs: Scope, grant: Grant, document: Document) -> Rule:
    if not document.sealed:
        return Rule(RuleName.SEAL, passed=True, because=_("It is not sealed."))
    if grant.role.opens_sealed:
        return Rule(RuleName.SEAL, passed=True, because=_("It is sealed, and this role opens sealed documents."))
    named = document.named.filter(pk=theirs.actor.user_id).exists()
    said = _("It is sealed and the order names them.") if named else _("It is sealed and the order does not name them.")
    return Rule(RuleName.SEAL, named, said)


def _withdrawn(grant: Grant, document: Document) -> Rule:
    if not document.is_withdrawn:
        return Rule(RuleName.WITHDRAWN, passed=True, because=_("It stands in the case file."))
    keeps = Permission.WITHDRAW_DOCUMENTS in grant.role.permissions
    said = (
        _("It has been withdrawn; this role still sees it, because it may restore it.")
        if keeps
        else _("It has been withdrawn from the case file.")
    )
    return Rule(RuleName.WITHDRAWN, keeps, said)


def _exclusion(theirs: Scope, filings: list[Filing]) -> Rule:
    barred = any(filing.case_id in theirs.excluded_cases for filing in filings)
    said = (
        _("%(person)s is barred from a case on which it stands. A bar beats every role and membership.")
        if barred
        else _("No bar names %(person)s.")
    )
    return Rule(RuleName.EXCLUSION, not barred, said % {"person": theirs.actor.name})


def _virus_check(version: Version) -> Rule:
    said = (
        (_("The virus check found nothing.") if version.is_scanned else _("This installation has no virus scanner."))
        if version.is_served
        else version.stage_reason or _("The virus check is not done yet, so nobody can open it.")
    )
    return Rule(RuleName.VIRUS_CHECK, version.is_served, said)


@dataclass(frozen=True, slots=True)
class Change:
    """What would have to change for a failed rule to be passed, who may do it, and which act on the document does it."""

    what: str
    who: str
    act: str = ""


def changes_for(rules: tuple[Rule, ...], person: User) -> tuple[Change, ...]:
    """Return one change for each failed rule; all of them are needed."""
    keepers = _("A court officer, legal adviser or judge of the court")
    offers = {
        RuleName.ROLE: Change(_("%(person)s is given a role"), _("Whoever manages people and roles")),
        RuleName.CASE: Change(_("%(person)s is named on the case"), _("A court officer or legal adviser"), "members"),
        RuleName.SECTION: Change(_("The document is moved to a section that they read"), keepers, "move"),
        RuleName.SIDE: Change(_("It is filed for both sides, or for theirs"), keepers),
        RuleName.CLASSIFICATION: Change(_("It is reclassified, with a reason"), keepers, "reclassify"),
        RuleName.SEAL: Change(_("The seal is lifted, or the order names them"), keepers, "unseal"),
        RuleName.WITHDRAWN: Change(_("It is restored, with a reason"), keepers, "restore"),
        RuleName.EXCLUSION: Change(_("The bar is lifted"), keepers, "members"),
        RuleName.VIRUS_CHECK: Change(_("A clean copy is filed, or the virus check is done"), _("Whoever sent it")),
    }
    found = (offers[rule.name] for rule in rules if not rule.passed)
    return tuple(Change(one.what % {"person": person.name}, one.who, one.act) for one in found)
