"""What of a destroyed record leaves the database: read from the table of relations, so that nothing new is forgotten.

Runs inside the transaction that ends a destruction. What stays is what the gate needs to answer 410 to those who could
read it, and what the stub says.
"""

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from django.apps import apps
from django.db.models import Count, Field, ManyToManyField, Model, Q, QuerySet
from django.db.models.fields.related import RelatedField

from docstore.cases.models import Case
from docstore.core.jobs import Job, JobState
from docstore.documents.models import Document, Version
from docstore.retention import scans
from docstore.retention.relations import ANSWERS, BLANKED, CASE_ANSWERS, AtDestruction

GOES = (AtDestruction.DESTROYED, AtDestruction.FORGOTTEN)
NOTHING_SAID = "-"


def prune_documents(ids: Collection[UUID]) -> Counter[UUID]:
    """Remove everything that hangs on documents, and what their rows say; return how many rows of each went."""
    gone = scans.forget(ids)
    for name in sorted((one for one, answer in ANSWERS.items() if answer in GOES), key=_depth):
        gone += _remove(name, ids)
    _end_links(ids)
    for name in (one for one, answer in ANSWERS.items() if answer is AtDestruction.STUB):
        model, _, column = name.partition(".")
        if model in BLANKED:
            _model(model).objects.filter(**{f"{column}__in": ids}).update(**BLANKED[model])  # type: ignore[attr-defined] # as below
    rows = Document.objects.filter(pk__in=ids)
    rows.update(title="", type="", language="", dated_on=None, sealed_reason="", side="")
    rows.update(received_on=None, received_at=None, scanned_on=None)
    rows.filter(withdrawn_at__isnull=False).update(withdrawn_reason=NOTHING_SAID)
    return gone


def prune_cases(ids: Collection[UUID]) -> Counter[UUID]:
    """Remove what says anything of cases and their people; the rows themselves, their dates and who was on them stay."""
    gone: Counter[UUID] = Counter()
    for name, answer in CASE_ANSWERS.items():
        model, _, column = name.partition(".")
        rows = _model(model).objects.filter(**{f"{column}__in": ids})  # type: ignore[attr-defined] # every model has a manager
        if answer in GOES:
            gone += _delete(rows, column)
        elif model in BLANKED:
            rows.update(**BLANKED[model])
    Case.objects.filter(pk__in=ids).update(title="", outcome="", restriction="")
    return gone


def _end_links(ids: Collection[UUID]) -> None:
    """Leave what documents led to, and let go what led to them."""
    for name in (one for one, answer in ANSWERS.items() if answer is AtDestruction.LINK_ENDED):
        model, _, column = name.partition(".")
        field = _model(model)._meta.get_field(column)
        if isinstance(field, ManyToManyField):
            getattr(_model(model), column).through.objects.filter(document__in=ids).delete()
            continue
        about = Q(**{f"{column}__in": ids})
        if model == "Document":
            about = Q(pk__in=ids) | about if field.related_model is Document else Q(pk__in=ids)
        _model(model).objects.filter(about).update(**{column: None})  # type: ignore[attr-defined] # as above


def _remove(name: str, ids: Collection[UUID]) -> Counter[UUID]:
    model, _, column = name.partition(".")
    if name == "Job.subject":
        return _forget_work(ids)
    path = f"{column}__document" if _target(name) is Version else column
    return _delete(_model(model).objects.filter(**{f"{path}__in": ids}), path)  # type: ignore[attr-defined] # as above


def _delete(rows: QuerySet[Model], path: str) -> Counter[UUID]:
    """Delete rows; return how many there were of each thing that `path` leads to."""
    counted = Counter(dict(rows.order_by().values_list(path).annotate(many=Count("pk"))))
    if counted:
        rows.delete()
    return counted


def _forget_work(ids: Collection[UUID]) -> Counter[UUID]:
    of = {f"document:{one}": one for one in ids}
    for version, paper in Version.objects.filter(document__in=ids).values_list("pk", "document_id"):
        of[f"version:{version}"] = paper
    idle = Job.objects.filter(~Q(state=JobState.LEASED), subject__in=list(of))
    counted = Counter(of[subject] for subject in idle.values_list("subject", flat=True))
    if counted:
        idle.delete()
    return counted


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
