"""What the filing page asks of each file: fields whose names end in the draft's id, read together from one form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from docstore.cases.models import Case, Classification
from docstore.intake.draft_models import Draft
from docstore.intake.drafts import Told
from docstore.web import dates


@dataclass(frozen=True, slots=True)
class Described:
    """What was sent for one draft, and what is wrong with it, by field."""

    told: Told
    day: date | None
    received: date | None
    to: UUID | None
    errors: Mapping[str, str]


def read(data: QueryDict, draft: Draft, case: Case, *, sections: frozenset[str]) -> Described | None:
    """Return what the form says of a draft, or None where it says nothing of it (it came after the page was made)."""
    key = str(draft.pk)
    if f"title-{key}" not in data:
        return None
    dated, section = data.get(f"dated-{key}", "").strip(), data.get(f"section-{key}", "")
    received = data.get(f"received-{key}", "").strip()
    answers = {one["code"]: data.get(f"doubt-{key}-{one['code']}", "") for one in draft.doubt_list}
    told = Told(
        title=data.get(f"title-{key}", "").strip(),
        section=section if section in sections else "",
        type=data.get(f"type-{key}", "").strip(),
        dated=dated,
        received=received,
        party=_party(data.get(f"party-{key}", ""), case),
        classification=_classification(data.get(f"classification-{key}", ""), case),
        confirmed=[code for code, answer in answers.items() if answer == "yes"],
    )
    other = next((one.get("other", "") for one in draft.doubt_list if answers[one["code"]] == "other"), "")
    day = dates.parse_day(dated) if dated else None
    came = dates.parse_day(received) if received else None
    return Described(told, day, came, UUID(other) if other else None, _errors(draft, told, answers, day, came))


def is_refused(data: QueryDict, draft: Draft) -> bool:
    """Whether the person answered that the file is not to be filed."""
    return any(data.get(f"doubt-{draft.pk}-{one['code']}", "") == "no" for one in draft.doubt_list)


def _errors(
    draft: Draft, told: Told, answers: Mapping[str, str], day: date | None, came: date | None
) -> dict[str, str]:
    errors = {}
    called = {"title": told.title or draft.title}
    if not told.section:
        errors["section"] = _("Choose a section for %(title)s") % called
    if told.dated and day is None:
        errors["dated"] = _("Enter the date of %(title)s like this: 14 6 2026") % called
    if told.received and came is None:
        errors["received"] = _("Enter when %(title)s was received like this: 14 6 2026") % called
    for code, answer in answers.items():
        if not answer:
            errors[f"doubt-{code}"] = _("Say what is to become of %(title)s") % called
    return errors


def _party(text: str, case: Case) -> UUID | None:
    return next((one.pk for one in case.parties.all() if str(one.pk) == text), None)


def _classification(text: str, case: Case) -> Classification:
    """What was chosen, never below the case; the case's own where nothing fits."""
    known = {str(int(one)) for one in Classification}
    return Classification(max(int(text), case.classification) if text in known else case.classification)
