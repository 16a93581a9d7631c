"""Separator sheets: a page with a code, fed before a paper, that says which case the paper belongs to and what it is.

The code is `DS1|doc|case|type|court|serial|MAC`. Anybody can print a code, so nothing but the MAC makes a sheet ours;
and a sheet is good at one court, for one open case, once, until it expires (design/api.md §12).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.cases.actions import CaseIsClosed
from docstore.cases.models import Case, Section
from docstore.cases.queries import get_case
from docstore.cases.scope import Scope
from docstore.core import clock, conf
from docstore.core.errors import Forbidden, Invalid, NotFound
from docstore.intake.matching import Doubt
from docstore.intake.models import Item
from docstore.intake.scan_models import SeparatorSheet

MARK = "DS1"
KIND = "doc"
MOST_AT_ONCE = 50
_SALT = "docstore.intake.sheets"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is taken for another when read aloud
_SERIAL_LENGTH = 10
_MAC_LENGTH = 26


class HowManySheets(Invalid):
    """Print between 1 and {most} sheets at a time."""

    code = "how-many-sheets"


@dataclass(frozen=True, slots=True)
class Printed:
    """A sheet as it goes to the printer: the code, and what stands beside it for people."""

    code: str
    case: Case
    section: str
    sheet: SeparatorSheet


@transaction.atomic
def make_sheets(*, by: Actor, case_id: UUID, type: str, count: int) -> list[Printed]:
    """Make sheets for papers of one kind on an open case. Each is good once."""
    scope = Scope.of(by)
    case = get_case(scope, case_id)
    if not scope.allows_on(case, Permission.DECIDE_EXCEPTIONS):
        raise Forbidden
    if not case.is_open:
        raise CaseIsClosed
    if not 1 <= count <= MOST_AT_ONCE:
        raise HowManySheets(most=MOST_AT_ONCE)
    section = Section.objects.live(on=clock.today()).filter(case_type=case.case_type_id, code=type).first()
    if section is None or by.user_id is None:
        raise NotFound
    now = clock.now()
    made = SeparatorSheet.objects.bulk_create(
        SeparatorSheet(
            serial="".join(secrets.choice(_LETTERS) for _ in range(_SERIAL_LENGTH)),
            case=case,
            court_id=case.court_id,
            type=type,
            made_by=by.user_id,
            made_at=now,
            expires_at=now + timedelta(days=conf.get().intake.sheet_days),
        )
        for _ in range(count)
    )
    facts = {"type": type, "serials": [one.serial for one in made]}
    record(Event.SHEETS_PRINTED, stamp=by.stamp, stream=f"case:{case.pk}", refs={"case": str(case.pk)}, facts=facts)
    return [Printed(code_of(one, court=case.court.code), case, section.name, one) for one in made]


def code_of(sheet: SeparatorSheet, *, court: str) -> str:
    """Return what the QR code of a sheet says."""
    said = "|".join((MARK, KIND, sheet.case_id.hex, sheet.type, court, sheet.serial))
    return f"{said}|{_mac(said)}"


def is_sheet(mark: str) -> bool:
    """Whether a code says that it is one of these sheets, genuine or not."""
    return mark.startswith(f"{MARK}|")


def judge(mark: str, item: Item, *, at: datetime) -> SeparatorSheet | Doubt:
    """Return the sheet that a code stands for, or why it opens nothing. `at` is when the item arrived."""
    said, _, mac = mark.rpartition("|")
    named = said.split("|")
    if len(named) != 6 or not constant_time_compare(mac, _mac(said)):
        return Doubt("sheet-forged", "A separator sheet in it was not printed by this court. It may be a forgery.")
    _, kind, case, _, court, serial = named
    if kind != KIND or court != item.batch.court.code:
        return Doubt("sheet-foreign", f"A separator sheet in it was printed for another court, {court[:20]}.")
    sheet = SeparatorSheet.objects.select_related("case__case_type").filter(serial=serial, case=UUID(case)).first()
    if sheet is None:
        return Doubt("sheet-unknown", f"Nothing is known of the separator sheet {serial} any more.")
    return _if_good(sheet, item, at)


def _if_good(sheet: SeparatorSheet, item: Item, at: datetime) -> SeparatorSheet | Doubt:
    if sheet.expires_at < at:
        return Doubt("sheet-expired", f"The separator sheet {sheet.serial} had expired when it was fed.")
    if sheet.used_by not in (None, item.pk, item.replaces_id):
        return Doubt("sheet-used", f"The separator sheet {sheet.serial} had been fed before. A sheet is good once.")
    if not sheet.case.is_open:
        return Doubt("case-closed", f"The separator sheet {sheet.serial} is for “{sheet.case.title}”, which is closed.")
    return sheet


def use(found: Sequence[SeparatorSheet], item: Item) -> Doubt | None:
    """Mark sheets as fed, in the transaction that files what they opened; the doubt where somebody was quicker."""
    for known in sorted(found, key=lambda one: one.serial):
        sheet = SeparatorSheet.objects.select_for_update().select_related("case__case_type").get(pk=known.pk)
        judged = _if_good(sheet, item, item.received_at or clock.now())
        if isinstance(judged, Doubt):
            return judged
        SeparatorSheet.objects.filter(pk=sheet.pk).update(used_by=item.pk, used_at=clock.now())
    return None


def _mac(said: str) -> str:
    """A MAC of 128 bits in letters and digits that any code can hold."""
    digest = salted_hmac(_SALT, said, algorithm="sha256").digest()[:16]
    number, letters = int.from_bytes(digest, "big"), ""
    for _ in range(_MAC_LENGTH):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return letters
