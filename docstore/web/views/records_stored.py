"""Whether the stored bytes are still those that were filed: how far the checks have come, and what they found."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.documents.fixity import WITHIN, Fault
from docstore.documents.models import Version
from docstore.retention import integrity
from docstore.retention.titles import Named
from docstore.web import words
from docstore.web.views.door import page
from docstore.web.views.records import places

MOST = 200


@page("GET")
def show_stored(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The report of the fixity checks."""
    told, rows = integrity.report(actor, limit=MOST)
    context = {
        "told": told,
        "days": WITHIN.days,
        "share": 100 * told.checked // told.versions if told.versions else 100,
        "rows": [_fault(version, name) for version, name in rows],
        "places": places("stored"),
    }
    return render(request, "docstore/records/stored.html", context)


def _fault(version: Version, name: Named) -> dict[str, object]:
    match Fault(version.fixity_fault):
        case Fault.MISSING:
            said = _("Nothing lies where its bytes should be.")
        case Fault.CHANGED:
            said = _("Its bytes are not those that were filed.")
    return {
        "version": version,
        "title": name.title,
        "reference": words.main_reference(name.case) if name.case else "",
        "said": said,
    }
