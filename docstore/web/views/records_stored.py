"""Whether the stored bytes are still those that were filed: how far the checks have come, and what they found."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from docstore.access.actor import Actor
from docstore.core import conf
from docstore.documents.fixity import WITHIN, Fault
from docstore.documents.kept import LockDrift
from docstore.documents.models import Version
from docstore.retention import integrity
from docstore.retention.titles import Named
from docstore.web import exports, words
from docstore.web.views.door import page
from docstore.web.views.records import places

MOST = 200
COLUMNS = ("case", "title", "document", "version", "fault", "found", "sha256 as filed")


@page("GET")
def show_stored(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The report of the fixity checks."""
    told, rows = integrity.report(actor, limit=exports.MOST if exports.wanted(request) else MOST)
    faults = [_fault(version, name) for version, name in rows]
    if sent := exports.asked(request, actor, "stored bytes at fault", COLUMNS, lambda: map(_line, faults)):
        return sent
    context = {
        "files": exports.links(request),
        "told": told,
        "days": WITHIN.days,
        "share": 100 * told.checked // told.versions if told.versions else 100,
        "rows": faults,
        "copies": integrity.copy_faults(actor).count(),
        **_locks(actor),
        "places": places("stored"),
    }
    return render(request, "docstore/records/stored.html", context)


def _line(shown: dict[str, Any]) -> list[str]:
    version: Version = shown["version"]
    found = version.fixity_fault_at.isoformat() if version.fixity_fault_at else ""
    number = str(version.number)
    about = [shown["reference"], shown["title"], str(version.document_id), number]
    return [*about, version.fixity_fault, found, version.sha256]


def _locks(actor: Actor) -> dict[str, object]:
    """How far the storage's own locks follow the database, where it has any."""
    lag, rows = integrity.lock_report(actor, limit=MOST)
    return {
        "lock_days": conf.get().vault_lock_days,
        "lag": lag,
        "astray": [_named(version, name) | {"said": DRIFTS[LockDrift(version.lock_drift)]} for version, name in rows],
    }


def _named(version: Version, name: Named) -> dict[str, Any]:
    return {
        "version": version,
        "title": name.title,
        "reference": words.main_reference(name.case) if name.case else "",
    }


DRIFTS = {
    LockDrift.ABSENT: gettext_lazy("It had no lock."),
    LockDrift.SHORTER: gettext_lazy("Its lock ended too early."),
    LockDrift.LONGER: gettext_lazy(
        "It is locked beyond the day on which it falls due. Docstore cannot shorten that; until then it cannot be destroyed."
    ),
    LockDrift.UNKNOWN: gettext_lazy(
        "The storage does not say whether it is locked. Have the operator look at the rights of the worker."
    ),
    LockDrift.REFUSED: gettext_lazy("The storage refused to lengthen its lock."),
}


def _fault(version: Version, name: Named) -> dict[str, Any]:
    match Fault(version.fixity_fault):
        case Fault.MISSING:
            said = _("Nothing lies where its bytes should be.")
        case Fault.CHANGED:
            said = _("Its bytes are not those that were filed.")
    return _named(version, name) | {"said": said}
