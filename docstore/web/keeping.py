"""What court staff and records managers see of retention beside a case or document: a badge for a hold, and the way to why.

Parties are told of neither (outside.md 2).
"""

from dataclasses import replace

from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.retention.queries import is_held
from docstore.retention.vocabulary import Record
from docstore.web.shown import CaseShown, Mark
from docstore.web.views.record_retention import record_url


def hold_badges(actor: Actor, record: Record) -> tuple[Mark, ...]:
    """Return the badge of a held record, for those who may know of holds."""
    if not actor.may(Permission.SEE_RETENTION) or not is_held(record):
        return ()
    return (Mark(_("Hold"), "red"),)


def with_hold(case: CaseShown, actor: Actor, record: Record) -> CaseShown:
    """Return the case with the badge of a hold, where there is one and this person may know."""
    return replace(case, badges=(*case.badges, *hold_badges(actor, record)))


def keeping_url(actor: Actor, record: Record) -> str:
    """Return where it is explained how long a record is kept; empty for those who may not know."""
    return record_url(record) if actor.may(Permission.SEE_RETENTION) else ""
