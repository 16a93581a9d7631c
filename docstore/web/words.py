"""What people read where the rooms have codes: sides, classifications, kinds of numbers.

Knows the codes of the rooms below and the words for them; decides nothing.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from docstore.access.roles import ROLES
from docstore.cases.models import Case, CaseStatus, CaseType, Classification, Reference, ReferenceKind, Section, Side

SIDES = {
    Side.COURT: _("Court"),
    Side.PROSECUTION: _("Prosecution"),
    Side.DEFENCE: _("Defence"),
    Side.APPLICANT: _("Applicant"),
    Side.RESPONDENT: _("Respondent"),
    Side.OTHER: _("Other"),
}

CLASSIFICATIONS = {
    Classification.PUBLIC: _("Public"),
    Classification.PRIVATE: _("The court and the parties"),
    Classification.RESTRICTED: _("Judges and court office"),
}

REFERENCE_KINDS = {
    ReferenceKind.CCD: _("Case number"),
    ReferenceKind.URN: _("URN"),
    ReferenceKind.PROSECUTOR: _("Prosecutor’s number"),
    ReferenceKind.LEGACY: _("Earlier number"),
}

GROUP = 4
# A court knows a criminal case by its URN; the sixteen digits are what systems know it by.
FIRST_KIND = (ReferenceKind.URN, ReferenceKind.PROSECUTOR, ReferenceKind.LEGACY, ReferenceKind.CCD)


def side(code: str) -> str:
    """Return "Prosecution" for "prosecution"; a side without a word stays as it is."""
    return str(SIDES[Side(code)]) if code in set(Side) else code.capitalize()


def role(code: str) -> str:
    """Return "Legal adviser" for "adviser"."""
    return gettext(ROLES[code].name) if code in ROLES else code.capitalize()


def named(row: Section | CaseType) -> str:
    """Return the name of a section or kind of case in the language of the page; a court's own names stay as they are."""
    return gettext(row.name)


def number(reference: Reference) -> str:
    """Return a number as people read it: the sixteen digits in groups of four."""
    if reference.kind != ReferenceKind.CCD:
        return reference.value
    return " ".join(reference.value[at : at + GROUP] for at in range(0, len(reference.value), GROUP))


def main_reference(case: Case) -> str:
    """Return the number that stands for the case on pages and titles."""
    found = {ReferenceKind(one.kind): number(one) for one in reversed(case.references.all())}
    for kind in FIRST_KIND:
        if kind in found:
            return found[kind]
    return gettext("Case without a number")


def other_numbers(case: Case) -> list[str]:
    """Return the remaining numbers, each with what kind it is."""
    main = main_reference(case)
    return [
        f"{REFERENCE_KINDS[ReferenceKind(one.kind)]} {number(one)}"
        for one in case.references.all()
        if number(one) != main
    ]


def status(case: Case) -> str:
    """Return "open" or "closed" for the middle of a sentence."""
    return gettext("closed") if case.status == CaseStatus.CLOSED else gettext("open")
