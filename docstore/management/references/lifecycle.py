"""The lifecycle of a document's version, as a picture and as a table."""

from docstore.documents.models import MAY_FOLLOW, SERVED_STAGES, Stage
from docstore.management.references.markdown import page, table

MEANS: dict[Stage, str] = {
    Stage.RECEIVED: "the bytes are safe in the vault; nobody opens them before the virus check",
    Stage.CLEAN: "checked; its pages are being read",
    Stage.READABLE: "every page can be opened; the index is catching up",
    Stage.SEARCHABLE: "every page was read, or is counted as without text or failed",
    Stage.QUARANTINED: "stopped at the check, with a reason; nobody can open it",
    Stage.UNREADABLE: "cannot be read, with a reason; it can be downloaded and read again",
}


def render() -> str:
    """Return the lifecycle page."""
    arrows = [f"    {stage} --> {then}" for stage in Stage for then in _ordered(MAY_FOLLOW[stage])]
    picture = "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {Stage.RECEIVED}", *arrows, "```"])
    rows = (
        (stage, MEANS[stage], ", ".join(_ordered(MAY_FOLLOW[stage])), "yes" if stage in SERVED_STAGES else "")
        for stage in Stage
    )
    return page("The life of a version", picture, table(("stage", "means", "may become", "can be opened"), rows))


def _ordered(stages: frozenset[Stage]) -> list[Stage]:
    return [stage for stage in Stage if stage in stages]
