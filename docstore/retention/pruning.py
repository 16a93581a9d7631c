"""What of a destroyed record leaves the database: read from the table of relations, so that nothing new is forgotten.

Runs inside the transaction that ends a destruction. What stays is what the gate needs to answer 410 to those who could
read it, and what the stub says.
"""

from collections.abc import Iterable
from uuid import UUID

from django.apps import apps
from django.db.models import Field, Model, Q
from django.db.models.fields.related import RelatedField

from docstore.cases.models import Case
from docstore.core.jobs import Job, JobState
from docstore.documents.models import Document, Version
from docstore.retention import scans
from docstore.retention.relations import ANSWERS, BLANKED, CASE_ANSWERS, AtDestruction

GOES = (AtDestruction.DESTROYED, AtDestruction.FORGOTTEN)
NOTHING_SAID = "-"


def prune_document(document_id: UUID) -> int:
    """Remove everything that hangs on a document, and what the row itself says; return how many rows went."""
    gone = scans.forget(document_id)
    for name in sorted((one for one, answer in ANSWERS.items() if answer in GOES), key=_depth):
        gone += _remove(name, document_id)
    document = Document.objects.get(pk=document_id)
    _end_links(document)
    for name in (one for one, answer in ANSWERS.items() if answer is AtDestruction.STUB):
        model, _, column = name.partition(".")
        if model in BLANKED:
            _model(model).objects.filter(**{column: document_id}).update(**BLANKED[model])  # type: ignore[attr-defined]
    document.title, document.type, document.language, document.dated_on = "", "", "", None
    document.received_on, document.received_at, document.scanned_on = None, None, None
    document.sealed_reason, document.side = "", ""
    document.withdrawn_reason = NOTHING_SAID if document.is_withdrawn else ""
    document.save()
    return gone


def prune_case(case_id: UUID) -> int:
    """Remove what says anything of a case and its people; the row itself, its dates and who was on it stay."""
    gone = 0
    for name, answer in CASE_ANSWERS.items():
        model, _, column = name.partition(".")
        rows = _model(model).objects.filter(**{column: case_id})  # type: ignore[attr-defined] # every model has a manager
        if answer in GOES:
            gone += rows.delete()[0]
        elif model in BLANKED:
            rows.update(**BLANKED[model])
    Case.objects.filter(pk=case_id).update(title="", outcome="", restriction="")
    return gone


def _end_links(document: Document) -> None:
    """Leave what a document led to, and let go what led to it."""
    for name in (one for one, answer in ANSWERS.items() if answer is AtDestruction.LINK_ENDED):
        model, _, column = name.partition(".")
        if model != "Document":
            _model(model).objects.filter(**{column: document.pk}).update(**{column: None})  # type: ignore[attr-defined]
        elif Document._meta.get_field(column).many_to_many:
            getattr(document, column).clear()
        else:
            Document.objects.filter(**{column: document.pk}).update(**{column: None})
            setattr(document, column, None)


def _remove(name: str, document_id: UUID) -> int:
    model, _, column = name.partition(".")
    if name == "Job.subject":
        return _forget_work(document_id)
    about = {f"{column}__document" if _target(name) is Version else column: document_id}
    removed: int = _model(model).objects.filter(**about).delete()[0]  # type: ignore[attr-defined] # as above
    return removed


def _forget_work(document_id: UUID) -> int:
    subjects = [f"document:{document_id}", *(f"version:{one}" for one in _versions(document_id))]
    idle = Job.objects.filter(Q(subject__in=subjects), ~Q(state=JobState.LEASED))
    return idle.delete()[0]


def _versions(document_id: UUID) -> Iterable[UUID]:
    return Version.objects.filter(document=document_id).values_list("pk", flat=True)


def _depth(name: str) -> int:
    """What hangs on a version goes before the versions do, and work, which names them, before all."""
    if name == "Job.subject":
        return 0
    return 1 if _target(name) is Version else 3 if name == "Version.document" else 2


def _target(name: str) -> type[Model] | None:
    model, _, column = name.partition(".")
    field: Field[object, object] = _model(model)._meta.get_field(column)  # type: ignore[assignment] # columns only
    return field.related_model if isinstance(field, RelatedField) else None


def _model(name: str) -> type[Model]:
    return apps.get_model("docstore", name)
