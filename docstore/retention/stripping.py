"""What stays of a case that was stripped: its papers get the class of their own that the step names (RET-A11)."""

from docstore.access.actor import Actor
from docstore.cases.lifecycle import GONE
from docstore.documents.models import Document
from docstore.retention import assignment, status
from docstore.retention.disposal_models import ListItem
from docstore.retention.models import Assignment, ClassVersion, DisposalClass, DisposalStep
from docstore.retention.vocabulary import Origin, Record, RecordKind


def class_the_kept(item: ListItem, version: ClassVersion, *, by: Actor) -> list[Record]:
    """Give every paper that a strip step has kept its class, unless a person has chosen another; return which."""
    step = DisposalStep.objects.filter(version=version, order=item.step).first()
    chosen = _class(step.keep_class, version) if step and step.keep_class else None
    if chosen is None:
        return []
    papers = Document.objects.filter(filings__case=item.record, filings__ended_at__isnull=True)
    kept = [
        Record(RecordKind.DOCUMENT, one)
        for one in papers.exclude(lifecycle__in=GONE).order_by("pk").values_list("pk", flat=True).distinct()
    ]
    own = set(
        Assignment.objects.filter(
            kind=RecordKind.DOCUMENT,
            record_id__in=[one.id for one in kept],
            origin=Origin.EXPLICIT,
            superseded_at__isnull=True,
        ).values_list("record_id", flat=True)
    )
    given = [one for one in kept if one.id not in own]
    for one in given:
        assignment.give(one, chosen, origin=Origin.EXPLICIT, by=by, reason=f"Kept when {item.list.number} stripped it.")
    status.recompute(kept, by=by, why="stripped")
    return given


def _class(code: str, version: ClassVersion) -> DisposalClass | None:
    """The class that a step names: SCHEDULE/CODE, or a code of its own schedule."""
    schedule, _, last = code.rpartition("/")
    home = schedule or version.disposal_class.schedule.code
    return DisposalClass.objects.filter(schedule__code=home, code=last).first()
