"""Questions of the records manager's pages: classes and wordings, holds and what they cover, names of records."""

from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.models import Court
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.models import Case, Reference
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import NotFound
from docstore.core.references import normalise
from docstore.documents.models import Filing
from docstore.documents.vault import vault
from docstore.documents.visibility import visible_to
from docstore.retention import status
from docstore.retention.hold_models import Hold
from docstore.retention.models import ClassVersion, DisposalClass, Recomputation, RetentionStatus, Trigger
from docstore.retention.queries import managed_statuses
from docstore.retention.reach import managed_cases, managed_courts, record_seen
from docstore.retention.titles import Named, named
from docstore.retention.trail import tell_all
from docstore.retention.vocabulary import Level, Record, RecordKind, VersionStatus, Via

MOST = 200


def holds_in_force(actor: Actor) -> list[Hold]:
    """Return the holds in force whose title this person may read."""
    actor.require(Permission.MANAGE_RECORDS)
    rows = Hold.objects.in_force().order_by("placed_at", "id")
    return list(rows if actor.may(Permission.READ_HOLD_REASONS) else rows.filter(restricted=False))


def members_of(actor: Actor, hold: Hold) -> list[tuple[Record, Named, str]]:
    """Return what a hold has caught by itself, each with its name and how it came in; the first ones."""
    rows = hold.members.filter(removed_at__isnull=True).order_by("id")[:MOST]
    found = []
    for row in rows:
        if row.case_id is not None:
            found.append((Record(RecordKind.CASE, row.case_id), row))
        elif row.document_id is not None:
            found.append((Record(RecordKind.DOCUMENT, row.document_id), row))
    names = named(actor, [record for record, _ in found])
    return [(record, names[record], Via(row.via).value) for record, row in found]


def targets_of(hold: Hold) -> list[str]:
    """Return the names and classes that a hold was placed on."""
    return [str(one) for one in hold.targets.select_related("disposal_class")]


def has_storage_holds() -> bool:
    """Whether the storage itself can refuse to delete what is held."""
    return vault().has_legal_holds


def open_versions() -> list[ClassVersion]:
    """Return the wordings that are not in force yet."""
    waits = [VersionStatus.DRAFT, VersionStatus.PENDING]
    return list(ClassVersion.objects.filter(status__in=waits).select_related("disposal_class__schedule"))


def runs_under_way(class_id: int | None = None) -> list[Recomputation]:
    """Return the changes of wording, of one class or of all, whose records are still being worked out (RET-P1)."""
    rows = Recomputation.objects.filter(finished_at__isnull=True, class_version__isnull=False).order_by("id")
    rows = rows.filter(class_version__disposal_class=class_id) if class_id is not None else rows
    return list(rows.select_related("class_version__disposal_class__schedule"))


def class_seen(actor: Actor, class_id: int) -> DisposalClass:
    """Return a class to those who manage records."""
    actor.require(Permission.MANAGE_RECORDS)
    row = DisposalClass.objects.select_related("schedule", "successor").filter(pk=class_id).first()
    if row is None:
        raise NotFound
    return row


def count_under(actor: Actor, class_id: int) -> int:
    """Return how many records that somebody manages stand under a class."""
    rows = managed_statuses(actor)
    return rows.filter(disposal_class=class_id).count() if rows.model is RetentionStatus else 0


def managed_case_by_reference(actor: Actor, reference: str) -> UUID | None:
    """Return the case of this number, if the person manages its records."""
    values = {normalise(reference), reference.strip()}
    numbered = Reference.objects.filter(value__in=values).values("case_id")
    return managed_cases(actor).filter(pk__in=numbered).values_list("pk", flat=True).first()


def trigger_seen(actor: Actor, trigger_id: int) -> Trigger:
    """Return a trigger to somebody who may void it."""
    row = Trigger.objects.filter(pk=trigger_id, voids__isnull=True).first()
    if row is None:
        raise NotFound
    record_seen(actor, row.record, Permission.RECORD_TRIGGERS)
    return row


def named_one(actor: Actor, record: Record) -> tuple[Case, str]:
    """Return the case that names a record, and the title that this person may read of it."""
    found = named(actor, [record])[record]
    if found.case is None:
        raise NotFound
    return found.case, found.title


def affected_by(record: Record) -> int:
    """Return how many records a trigger here decides about: it, what is linked with it, and the papers on them (RET-C8)."""
    around = status.around(record)
    cases = [one.id for one in around if one.kind is RecordKind.CASE]
    papers = {one.id for one in around if one.kind is RecordKind.DOCUMENT}
    if record.kind is RecordKind.DOCUMENT:
        return len({record.id, *papers, *cases})
    filed = Filing.objects.filter(case__in=cases, ended_at__isnull=True).values_list("document_id", flat=True)
    return len({*cases, *papers, *filed})


def may_open(actor: Actor, record: Record) -> bool:
    """Whether the person may open the record itself, beside knowing what becomes of it."""
    scope = Scope.of(actor)
    if record.kind is RecordKind.CASE:
        return scope.cases().filter(pk=record.id).exists()
    return visible_to(scope).filter(pk=record.id).exists()


def assignable(record: Record) -> list[DisposalClass]:
    """Return the classes that can be given to a record today."""
    of_papers = record.kind is RecordKind.DOCUMENT
    return [one for one in classes_in_use() if of_papers or one.level == Level.CASE]


def managed(actor: Actor) -> list[Court]:
    """Return the courts whose records somebody manages."""
    courts = managed_courts(actor)
    rows = Court.objects.order_by("name")
    return list(rows if courts is None else rows.filter(code__in=courts))


def classes_in_use() -> list[DisposalClass]:
    """Return the classes that are in force and can still be given to records."""
    rows = DisposalClass.objects.filter(retired_at__isnull=True, level__in=[Level.CASE, Level.DOCUMENT])
    ready = rows.filter(versions__status=VersionStatus.APPROVED, versions__effective_from__lte=clock.today())
    return list(ready.select_related("schedule").distinct().order_by("schedule__code", "code"))


def classes_of_office() -> list[DisposalClass]:
    """Return the classes for papers of the office itself, such as requests that people send."""
    rows = DisposalClass.objects.filter(retired_at__isnull=True, level__in=[Level.ADMIN, Level.SYSTEM])
    return list(rows.select_related("schedule").order_by("schedule__code", "code"))


@transaction.atomic
def record_export(actor: Actor, *, what: str, rows: int) -> None:
    """Write down that a list of records left the product as a file."""
    tell_all(Event.RETENTION_EXPORTED, actor, {"list": what, "as_of": clock.today().isoformat(), "rows": rows})
