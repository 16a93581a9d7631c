"""Two versions of a document side by side, as text."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from docstore.access.actor import Actor
from docstore.core.errors import NotFound
from docstore.documents import comparison, delivery, queries
from docstore.web.opened import common, open_document, version_in
from docstore.web.views.door import page


@page("GET")
def compare_versions(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponse:
    """What differs between two versions: the last two where none are named."""
    opened = open_document(actor, document_id)
    known = [one for one in queries.versions_of(opened.document) if one.is_served]
    if len(known) < 2:
        raise NotFound
    after = queries.version_of(opened.document, version_in(request.GET.get("after", "")) or known[-1].number)
    before = queries.version_of(opened.document, version_in(request.GET.get("before", "")) or known[-2].number)
    if not (before.is_served and after.is_served):
        raise NotFound
    rows = comparison.compare(before, after)
    delivery.record_comparison(by=actor, document=opened.document, before=before.number, after=after.number)
    context = {
        **common(opened),
        "known": known,
        "before": before,
        "after": after,
        "rows": rows,
        "differences": comparison.differences(rows),
        "pages_url": reverse("document", kwargs={"document_id": document_id}),
    }
    return render(request, "docstore/documents/compare.html", context)
