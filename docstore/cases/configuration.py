"""Loading the catalogue of case types into the tables, again and again without harm."""

from django.db import transaction

from docstore.access.actor import Actor
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.cases.catalogue import CATALOGUE, LETTERS
from docstore.cases.models import CaseType, Section, SectionRight


@transaction.atomic
def load_catalogue(*, by: Actor) -> int:
    """Bring case types, sections and section rights to what the catalogue says; return how many rights there are."""
    sections = _load_sections(_load_types())
    SectionRight.objects.filter(section__in=sections.values()).delete()
    rights = [
        SectionRight(section=sections[kind.code, one.code], role=role, right=LETTERS[letter])
        for kind in CATALOGUE
        for one in kind.sections
        for role, letters in one.rights.items()
        for letter in letters
    ]
    SectionRight.objects.bulk_create(rights)
    record(Event.CATALOGUE_LOADED, stamp=by.stamp, stream="policy", refs={}, facts={"rights": len(rights)})
    return len(rights)


def _load_types() -> dict[str, CaseType]:
    rows = [CaseType(code=one.code, name=one.name, jurisdiction=one.jurisdiction) for one in CATALOGUE]
    CaseType.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=["name", "jurisdiction"]
    )
    return CaseType.objects.in_bulk([one.code for one in rows], field_name="code")


def _load_sections(types: dict[str, CaseType]) -> dict[tuple[str, str], Section]:
    """Return the catalogue's sections by the code of their type and their own."""
    rows = [
        Section(case_type=types[kind.code], code=one.code, name=one.name, order=at * 10, partition=one.partition)
        for kind in CATALOGUE
        for at, one in enumerate(kind.sections, start=1)
    ]
    Section.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["case_type", "code"],
        update_fields=["name", "order", "partition"],
    )
    wanted = {(one.case_type_id, one.code) for one in rows}
    stored = Section.objects.filter(case_type__in=types.values()).select_related("case_type")
    return {(one.case_type.code, one.code): one for one in stored if (one.case_type_id, one.code) in wanted}
