"""What records managers read where retention has codes: outcomes, tiles, states of wordings, kinds of holds."""

from django.utils.translation import gettext_lazy as _

from docstore.cases.lifecycle import Lifecycle
from docstore.retention.vocabulary import HoldKind, Outcome, VersionStatus
from docstore.web.shown import Mark

OUTCOMES = {
    Outcome.UNCLASSIFIED: (_("No class"), "yellow"),
    Outcome.AWAITING_TRIGGER: (_("Clock not started"), ""),
    Outcome.CANNOT_COMPUTE: (_("Date unknown"), "yellow"),
    Outcome.PROVISIONAL: (_("Provisional"), "blue"),
    Outcome.NOT_DUE: (_("Kept"), ""),
    Outcome.REVIEW_DUE: (_("Review due"), "blue"),
    Outcome.TRANSFER_DUE: (_("Transfer due"), "blue"),
    Outcome.ELIGIBLE: (_("Due"), "blue"),
    Outcome.HELD: (_("Hold"), "red"),
    Outcome.PERMANENT: (_("Permanent"), ""),
    Outcome.CONFLICT: (_("Conflict"), "yellow"),
}
STATUSES = {
    VersionStatus.DRAFT: (_("Draft"), "grey"),
    VersionStatus.PENDING: (_("Waits for approval"), "yellow"),
    VersionStatus.APPROVED: (_("Approved"), "green"),
    VersionStatus.SUPERSEDED: (_("Superseded"), "grey"),
    VersionStatus.WITHDRAWN: (_("Withdrawn"), "grey"),
}
TILES = {
    "due": _("due for disposal, review or transfer"),
    "overdue": _("of them due for more than 90 days"),
    "due-30": _("fall due within 30 days"),
    "due-60": _("within 60 days"),
    "due-90": _("within 90 days"),
    "review": _("wait for a review"),
    "transfer": _("wait for transfer"),
    "provisional": _("provisional, told this week"),
    "held": _("on hold"),
    "unclassified": _("without a class"),
    "waiting": _("without a date for over a year"),
    "unknown": _("whose date cannot be worked out"),
    "conflict": _("with rules in conflict"),
    "uncertain": _("with an uncertain date"),
    "blocked": _("kept by a lock of the storage"),
    "failed": _("whose destruction is not finished"),
    "drift": _("with a stored date that is out of date"),
    "past-maximum": _("past their maximum"),
    "years-18": _("closed 18 years ago, two years before the limit of the law"),
    "years-19": _("closed 19 years ago, one year before the limit"),
    "years-20": _("past 20 years without an instrument"),
    "permanent": _("kept permanently"),
    "all": _("records in all"),
}
# What a records manager must act on first, what comes, and what stands.
GROUPS = (
    (
        _("To act on"),
        (
            "due",
            "overdue",
            "review",
            "transfer",
            "unclassified",
            "unknown",
            "conflict",
            "past-maximum",
            "years-20",
            "blocked",
            "failed",
            "drift",
        ),
    ),
    (_("Coming"), ("provisional", "due-30", "due-60", "due-90", "waiting", "uncertain", "years-18", "years-19")),
    (_("Standing"), ("held", "permanent", "all")),
)
HOLD_KINDS = {
    HoldKind.CASE: _("Case"),
    HoldKind.DOCUMENT: _("Document"),
    HoldKind.PERSON: _("Person"),
    HoldKind.CLASS: _("Class"),
    HoldKind.QUERY: _("Words"),
    HoldKind.SYSTEM: _("Everything"),
}


DISPOSAL_STATES = {
    Lifecycle.ACTIVE: _("Not on its way"),
    Lifecycle.BLOCKED_BY_LOCK: _("Blocked by a lock"),
    Lifecycle.DESTROYING: _("Being destroyed"),
    Lifecycle.DESTRUCTION_INCOMPLETE: _("Not finished"),
    Lifecycle.PARTLY_DESTROYED: _("Stripped"),
    Lifecycle.TRANSFER_PENDING: _("Being packaged for an archive"),
    Lifecycle.TRANSFERRED_UNCONFIRMED: _("Sent to an archive"),
    Lifecycle.TRANSFERRED: _("Transferred"),
}


def outcome(code: str) -> Mark:
    """Return an outcome in words, in colour where somebody must know or act."""
    text, colour = OUTCOMES[Outcome(code)]
    return Mark(str(text), colour)


def status(code: str) -> Mark:
    text, colour = STATUSES[VersionStatus(code)]
    return Mark(str(text), colour)
