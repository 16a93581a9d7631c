"""Taking papers in. The order is always: gate, check the bytes, store them, then one transaction that files them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import IO

from django.db import IntegrityError, transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases.models import Case, Classification, Right
from docstore.cases.scope import Scope
from docstore.core import clock, conf, failpoints
from docstore.core.errors import Conflict, Invalid, TooLarge
from docstore.core.jobs import Lane
from docstore.documents import actions as documents
from docstore.documents.change import check_seen
from docstore.documents.models import Document, Stage
from docstore.documents.names import shown
from docstore.documents.queries import get_document, same_bytes_on
from docstore.documents.received import Received, vault_key
from docstore.documents.vault import vault
from docstore.intake import quotas, wrong_case
from docstore.intake.models import Batch, IdempotentRequest
from docstore.intake.receiving import words_for
from docstore.reading.actions import Examined, examine
from docstore.reading.ahead import NOTHING, Ahead, look_ahead

ABANDONED_LEASES = 4
KEPT_DAYS = 7


class AlreadyFiled(Conflict):
    """These very bytes are on the case already, as “{title}”. Confirm if they are to be filed a second time."""

    code = "already-filed"


class StillAtWork(Conflict):
    """A request with this key is still being worked on. Ask again in a few seconds."""

    code = "still-at-work"
    retryable = True


class KeyReused(Invalid):
    """This Idempotency-Key was used for another request. Use a new key for each new request."""

    code = "idempotency-key-reused"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that has arrived whole. `path` is where it lies until it is in the vault."""

    path: Path
    name: str
    declared: str | None
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to carry out a request that bears an idempotency key, or the document that it made already."""

    row: IdempotentRequest | None

    @property
    def answer(self) -> uuid.UUID | None:
        return self.row.answer if self.row else None

    def settle(self, made: Document | Batch) -> None:
        if self.row:
            IdempotentRequest.objects.filter(pk=self.row.pk).update(answer=made.pk)

    @property
    def told(self) -> str:
        """The first answer as it was given; empty where a crash came before it was kept."""
        return self.row.response if self.row else ""

    def keep(self, told: str) -> None:
        """Keep the answer that is being given, so that a retry is told the very same."""
        if self.row:
            IdempotentRequest.objects.filter(pk=self.row.pk).update(response=told)

    def drop(self) -> None:
        """Forget a request that was refused: it may be corrected and sent again under the same key."""
        if self.row:
            IdempotentRequest.objects.filter(pk=self.row.pk, answer__isnull=True).delete()


NO_CLAIM = Claim(None)


def take_document(
    *,
    by: Actor,
    case_id: uuid.UUID,
    section: str,
    incoming: Incoming,
    title: str = "",
    type: str = "",
    dated_on: date | None = None,
    received_on: date | None = None,
    classification: Classification | None = None,
    language: str = "",
    confirmed: Sequence[str] = (),
    claim: Claim = NO_CLAIM,
    lane: Lane | None = None,
) -> Document:
    """Check, store and file one paper on a case. A refusal keeps nothing; a doubt is raised until staff confirm it."""
    scope = Scope.of(by)
    case, _ = documents.filing_place(scope, case_id, section)
    accepted = _accepted(by, confirmed)
    failpoints.reach("before-check")
    found = checked(by, incoming, accepted=accepted)
    _ask_about_duplicates(scope, case, incoming, accepted)
    ahead = look_into(incoming, found) if lane is None else NOTHING
    if wrong_case.CODE not in accepted:
        _ask_about_the_case(case, ahead)
    document_id = uuid.uuid4()
    failpoints.reach("before-put")
    received = store(incoming, found, case_id=case_id, document_id=document_id, number=1, confirmed=accepted)
    received = replace(received, read=ahead.read, received_on=received_on)
    failpoints.reach("after-put")
    with transaction.atomic():
        document = documents.file_document(
            by=by,
            case_id=case_id,
            section=section,
            title=(title.strip() or Path(shown(incoming.name)).stem)[:200],
            received=received,
            type=type,
            dated_on=dated_on,
            classification=classification,
            language=language,
            lane=lane,
        )
        claim.settle(document)
        failpoints.reach("before-commit")
    failpoints.reach("after-commit")
    return document


def take_version(
    *,
    by: Actor,
    document_id: uuid.UUID,
    seen: str | None,
    incoming: Incoming,
    reason: str,
    confirmed: Sequence[str] = (),
) -> Document:
    """Check, store and file a new version of a document."""
    scope = Scope.of(by)
    document = get_document(scope, document_id, right=Right.READ)
    check_seen(document, seen)
    accepted = _accepted(by, confirmed)
    found = checked(by, incoming, accepted=accepted)
    home = document.filings.select_related("case").get(is_home=True, ended_at__isnull=True)
    ahead = look_into(incoming, found)
    if wrong_case.CODE not in accepted:
        _ask_about_the_case(home.case, ahead)
    received = store(
        incoming,
        found,
        case_id=home.case_id,
        document_id=document.pk,
        number=documents.next_number(document),
        confirmed=accepted,
    )
    received = replace(received, read=ahead.read)
    return documents.supersede(by=by, document_id=document_id, seen=seen, received=received, reason=reason)


def claim_request(*, by: Actor, route: str, key: str | None, request_sha256: str) -> Claim:
    """Claim a request by its key; raise StillAtWork or KeyReused. A claim left behind by a crash can be taken over."""
    if not key or by.user_id is None:
        return NO_CLAIM
    now = clock.seconds()
    fresh = IdempotentRequest(
        actor=by.user_id,
        route=route,
        key=key,
        request_sha256=request_sha256,
        begun_seconds=now,
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
        return Claim(fresh)
    except IntegrityError:
        row = IdempotentRequest.objects.get(actor=by.user_id, route=route, key=key)
    if row.request_sha256 != request_sha256:
        raise KeyReused
    if row.answer is None:
        rows = IdempotentRequest.objects.filter(pk=row.pk, answer=None, begun_seconds__lt=_abandoned(now))
        if not rows.update(begun_seconds=now):
            raise StillAtWork
    return Claim(row)


def _abandoned(now: float) -> float:
    """Before which moment a request that is still unanswered must have begun to count as left behind by a crash."""
    return now - ABANDONED_LEASES * conf.get().jobs.lease_seconds


def forget_old_requests() -> int:
    """Forget keys older than seven days; return how many."""
    old = clock.now() - timedelta(days=KEPT_DAYS)
    return IdempotentRequest.objects.filter(created_at__lt=old).delete()[0]


def _accepted(by: Actor, confirmed: Sequence[str]) -> tuple[str, ...]:
    """Only court staff can settle a doubt; what others confirm counts for nothing."""
    return tuple(sorted(set(confirmed))) if by.may(Permission.CONFIRM_DOUBTS) else ()


def checked(by: Actor, incoming: Incoming, *, accepted: tuple[str, ...]) -> Examined:
    """Check a file before it is kept; raise what speaks against it and has not been accepted."""
    quotas.check_person(by, incoming.size)
    with quotas.one_of_few(by):
        found = examine(
            incoming.path,
            name=incoming.name,
            declared=incoming.declared,
            size=incoming.size,
            may_confirm=by.may(Permission.CONFIRM_DOUBTS),
            confirmed="active-content" in accepted,
        )
    limit = conf.get().limits.pdf_bytes
    if found.media_type == "application/pdf" and incoming.size > limit:
        raise TooLarge(limit=words_for(limit))
    return found


def _ask_about_duplicates(scope: Scope, case: Case, incoming: Incoming, accepted: tuple[str, ...]) -> None:
    twin = same_bytes_on(scope, case, incoming.sha256)
    if twin is not None and AlreadyFiled.code not in accepted:
        raise AlreadyFiled(title=twin.title)


def _ask_about_the_case(case: Case, ahead: Ahead) -> None:
    """Raise WrongCase where the first pages speak of another case. What comes in bulk has been matched before."""
    mismatch = wrong_case.compare(case, ahead.words)
    if mismatch is not None:
        raise mismatch.refusal(case)


def look_into(incoming: Incoming, found: Examined) -> Ahead:
    """Return what a file says before it is filed, where it may be opened already."""
    return look_ahead(incoming.path, media_type=found.media_type) if found.stage == Stage.CLEAN else NOTHING


def store(
    incoming: Incoming,
    found: Examined,
    *,
    case_id: uuid.UUID,
    document_id: uuid.UUID,
    number: int,
    confirmed: tuple[str, ...],
) -> Received:
    """Put the bytes where they stay. A crash after this leaves an object that nobody refers to, for the sweeper."""
    key = vault_key(case_id=case_id, document_id=document_id, number=number, sha256=incoming.sha256)
    with incoming.path.open("rb") as source:
        stream: IO[bytes] = source
        kept = vault().put(key, stream, sha256=incoming.sha256, size=incoming.size, media_type=found.media_type)
    return Received(
        document_id=document_id,
        version_id=uuid.uuid4(),
        number=number,
        key=key,
        sha256=incoming.sha256,
        size=incoming.size,
        media_type=found.media_type,
        original_name=incoming.name.replace("\x00", "")[:1000],
        stage=Stage(found.stage),
        stage_reason=found.reason,
        scanned_by=found.scanner,
        kept=kept,
        confirmed=tuple(
            code for code in confirmed if code in found.doubts or code in (AlreadyFiled.code, wrong_case.CODE)
        ),
    )
