"""Loading the catalogue of case types into the tables, again and again without harm."""

from django.db import transaction

from docstore.access.actor import Actor
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.cases.catalogue import CATALOGUE, LETTERS, TypeRow
from docstore.cases.models import CaseType, Section, SectionRight


@transaction.atomic
def load_catalogue(*, by: Actor) -> int:
    """Bring case types, sections and section rights to what the catalogue says; return how many rights there are."""
    rights = sum(_load_type(row) for row in CATALOGUE)
    record(Event.CATALOGUE_LOADED, stamp=by.stamp, stream="policy", refs={}, facts={"rights": rights})
    return rights


def _load_type(row: TypeRow) -> int:
    kind, _ = CaseType.objects.update_or_create(
        code=row.code, defaults={"name": row.name, "jurisdiction": row.jurisdiction}
    )
    count = 0
    for order, one in enumerate(row.sections, start=1):
        section, _ = Section.objects.update_or_create(
            case_type=kind,
            code=one.code,
            defaults={"name": one.name, "order": order * 10, "partition": one.partition},
        )
        SectionRight.objects.filter(section=section).delete()
        SectionRight.objects.bulk_create(
            SectionRight(section=section, role=role, right=LETTERS[letter])
            for role, letters in one.rights.items()
            for letter in letters
        )
        count += sum(len(letters) for letters in one.rights.values())
    return count
