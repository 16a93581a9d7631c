"""Files on their way to a case: sent and safe, described and checked by a person, then filed.

Nothing typed is lost by a failed save, a closed window or a session that ended: a draft keeps it for a week. Every act:
gate, state, write, audit.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.change import record_on
from docstore.cases.models import Case, Classification, Right
from docstore.cases.queries import get_case, sections_of
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Forbidden, Invalid, NotFound
from docstore.documents import actions as documents
from docstore.documents.models import Document, Stage
from docstore.documents.names import shown
from docstore.documents.queries import same_bytes_on
from docstore.documents.received import Received
from docstore.intake import actions, wrong_case
from docstore.intake.actions import AlreadyFiled, Incoming
from docstore.intake.draft_models import Draft
from docstore.intake.suggesting import Suggested, suggest
from docstore.reading.actions import Examined
from docstore.reading.refusals import ActiveContent, ActiveContentToConfirm

KEPT_FOR = timedelta(days=7)
CARRIED = ("section", "dated", "received", "classification")
SUGGESTED, FROM_ABOVE, TYPED = "suggested", "carried", "typed"


class NotSettled(Invalid):
    """Answer what is asked about “{title}” before you file it, or take it out of the list."""

    code = "not-settled"


class NoSection(Invalid):
    """Choose a section for “{title}”."""

    code = "section-missing"


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says of a file. Dates are kept as they typed them."""

    title: str
    section: str
    type: str
    dated: str
    received: str
    party: UUID | None
    classification: Classification
    confirmed: Sequence[str] = ()


def drafts_on(by: Actor, case: Case) -> list[Draft]:
    """Return what this person has sent for this case and not filed yet, in their order."""
    return list(Draft.objects.filter(case=case, person=by.user_id))


def receive_draft(*, by: Actor, case_id: UUID, incoming: Incoming) -> Draft:
    """Check and store a file, and say what its text suggests. A refusal keeps nothing; doubts wait for an answer."""
    scope = Scope.of(by)
    case, sections = filing_case(scope, case_id)
    found = actions.checked(by, incoming, accepted=_all_doubts(by))
    pages = actions.look_into(incoming, found).words
    document_id = uuid.uuid4()
    received = actions.store(incoming, found, case_id=case.pk, document_id=document_id, number=1, confirmed=())
    suggested = suggest(pages, sections=sections, parties=list(case.parties.all()), today=clock.today())
    doubts = _doubts(scope, case, incoming, found, pages)
    return _keep(by, case, received, suggested, doubts)


def filing_case(scope: Scope, case_id: UUID) -> tuple[Case, list[str]]:
    """Return the open case and the sections in which this person may file; raise NotFound, Forbidden or CaseIsClosed."""
    case = get_case(scope, case_id)
    sections = [one.section.code for one in sections_of(scope, case) if Right.FILE in one.rights]
    if not sections or not scope.allows_on(case, Permission.FILE_DOCUMENTS):
        raise Forbidden
    documents.filing_place(scope, case_id, sections[0])
    return case, sections


def _all_doubts(by: Actor) -> tuple[str, ...]:
    """Court staff are asked about scripts inside a file later, beside it; from others it is refused at once."""
    return (ActiveContent.code,) if by.may(Permission.CONFIRM_DOUBTS) else ()


def _doubts(
    scope: Scope, case: Case, incoming: Incoming, found: Examined, pages: Sequence[str]
) -> list[dict[str, str]]:
    raised: list[dict[str, str]] = []
    mismatch = wrong_case.compare(case, pages)
    if mismatch is not None:
        facts = {"number": mismatch.number, "page": str(mismatch.page), "other": str(mismatch.other or "")}
        raised.append({"code": wrong_case.CODE, "reason": mismatch.refusal(case).sentence, **facts})
    twin = same_bytes_on(scope, case, incoming.sha256)
    if twin is not None:
        raised.append({"code": AlreadyFiled.code, "reason": AlreadyFiled(title=twin.title).sentence})
    raised += [
        {"code": code, "reason": ActiveContentToConfirm(what="scripts or files").sentence} for code in found.doubts
    ]
    return raised


@transaction.atomic
def _keep(
    by: Actor, case: Case, received: Received, suggested: Suggested, doubts: Sequence[Mapping[str, str]]
) -> Draft:
    if by.user_id is None:
        raise Forbidden
    above = Draft.objects.filter(case=case, person=by.user_id).order_by("-place").first()
    title = suggested.title or Path(shown(received.original_name)).stem.replace("_", " ")
    draft = Draft(
        case=case,
        person_id=by.user_id,
        place=(above.place if above else 0) + 1,
        document_id=received.document_id,
        key=received.key,
        storage_version=received.kept.version,
        storage_etag=received.kept.etag,
        original_name=received.original_name,
        sha256=received.sha256,
        bytes=received.size,
        media_type=received.media_type,
        stage=received.stage,
        stage_reason=received.stage_reason,
        scanned_by=received.scanned_by,
        title=title[:200],
        type=suggested.type,
        section=suggested.section,
        dated=_written(suggested.dated_on),
        received=_written(suggested.received_on),
        party=suggested.party,
        classification=case.classification,
        doubts=json.dumps(list(doubts)),
        created_at=clock.now(),
    )
    draft.origins = json.dumps(_origins(draft, suggested, above))
    draft.save()
    record_on(Event.DRAFT_RECEIVED, by, case, {"draft": str(draft.pk), "sha256": draft.sha256, "bytes": draft.bytes})
    return draft


def _origins(draft: Draft, suggested: Suggested, above: Draft | None) -> dict[str, str]:
    """Say where each value comes from; what the text leaves open is carried from the file above."""
    values = {
        "title": suggested.title,
        "type": suggested.type,
        "section": suggested.section,
        "dated": suggested.dated_on,
        "received": suggested.received_on,
        "party": suggested.party,
    }
    origins = {name: SUGGESTED for name, value in values.items() if value}
    for name in CARRIED:
        if above is not None and name not in origins and (value := getattr(above, name)) not in ("", None):
            setattr(draft, name, value)
            origins[name] = FROM_ABOVE
    return origins


def _written(day: date | None) -> str:
    return f"{day.day} {day.month} {day.year}" if day else ""


@transaction.atomic
def describe_draft(*, by: Actor, case_id: UUID, draft_id: UUID, told: Told) -> Draft:
    """Keep what a person typed, as they typed it, whether it can be filed so or not."""
    draft = _own(by, case_id, draft_id)
    given = {
        "title": told.title[:200],
        "section": told.section[:40],
        "type": told.type[:60],
        "dated": told.dated[:40],
        "received": told.received[:40],
        "party": told.party,
        "classification": int(told.classification),
    }
    changed = [name for name, value in given.items() if getattr(draft, name) != value]
    for name in changed:
        setattr(draft, name, given[name])
    settled = tuple(told.confirmed) if by.may(Permission.CONFIRM_DOUBTS) else ()
    draft.confirmed = " ".join(code for code in settled if code in {one["code"] for one in draft.doubt_list})
    draft.origins = json.dumps(draft.origin_of | dict.fromkeys(changed, TYPED))
    draft.save()
    record_on(Event.DRAFT_DESCRIBED, by, draft.case, {"draft": str(draft.pk), "fields": changed})
    return draft


@transaction.atomic
def discard_draft(*, by: Actor, case_id: UUID, draft_id: UUID) -> None:
    """Forget a file that is not to be filed. Nobody refers to its bytes any more; the sweeper takes them."""
    draft = _own(by, case_id, draft_id)
    record_on(Event.DRAFT_DISCARDED, by, draft.case, {"draft": str(draft.pk), "sha256": draft.sha256})
    draft.delete()


@transaction.atomic
def file_draft(
    *,
    by: Actor,
    case_id: UUID,
    draft_id: UUID,
    dated_on: date | None,
    received_on: date | None = None,
    to: UUID | None = None,
) -> Document:
    """File a draft as it is described, on its case or on another one, `to`, where it belongs. Answers are kept with it."""
    draft = _own(by, case_id, draft_id)
    waiting = [one for one in draft.open_doubts if not (to and one["code"] == wrong_case.CODE)]
    if waiting:
        raise NotSettled(title=draft.title)
    if not draft.section:
        raise NoSection(title=draft.title)
    confirmed = tuple(one for one in draft.confirmed.split() if not (to and one == wrong_case.CODE))
    document = documents.file_document(
        by=by,
        case_id=to or draft.case_id,
        section=draft.section,
        title=draft.title.strip() or Path(shown(draft.original_name)).stem[:200],
        received=replace(_received(draft, confirmed), received_on=received_on),
        type=draft.type,
        dated_on=dated_on,
        classification=None if to else Classification(draft.classification),
        parties=[draft.party] if draft.party and not to else [],
    )
    draft.delete()
    return document


def _received(draft: Draft, confirmed: tuple[str, ...]) -> Received:
    return Received(
        document_id=draft.document_id,
        version_id=uuid.uuid4(),
        number=1,
        key=draft.key,
        kept=draft.kept,
        sha256=draft.sha256,
        size=draft.bytes,
        media_type=draft.media_type,
        original_name=draft.original_name,
        stage=Stage(draft.stage),
        stage_reason=draft.stage_reason,
        scanned_by=draft.scanned_by,
        arrived_at=draft.created_at,
        confirmed=confirmed,
    )


def forget_old_drafts() -> int:
    """Forget what nobody has filed for a week; return how many."""
    return Draft.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()[0]


def _own(by: Actor, case_id: UUID, draft_id: UUID) -> Draft:
    """Return a draft of this person, locked, on a case that they can still see; another's is not there."""
    get_case(Scope.of(by), case_id)
    found = Draft.objects.select_for_update(of=("self",)).filter(pk=draft_id, case_id=case_id, person=by.user_id)
    draft = found.select_related("case__court", "case__case_type").first()
    if draft is None:
        raise NotFound
    return draft
