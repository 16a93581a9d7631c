"""What proves that something is gone: the plan before, every copy afterwards, certificates, and why it is not held."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.retention import certificates, disposal_desk, execution, lists, stubs
from docstore.retention.stub_models import Stub
from docstore.retention.targets import Plan
from docstore.retention.titles import named
from docstore.web import disposalshown, words
from docstore.web.forms.records import ReferenceForm
from docstore.web.views.door import page
from docstore.web.views.records import places


@page("GET")
def show_plan(request: HttpRequest, actor: Actor, *, list_id: UUID) -> HttpResponseBase:
    """Every copy that would go with a list, and what stands in the way. Nothing is touched (RET-G1)."""
    made = lists.get_list(actor, list_id)
    plans = execution.dry_run(by=actor, list_id=list_id)
    context = {
        "made": made,
        "plans": _named(actor, plans),
        "copies": sum(len(one.targets) for one in plans),
        "bytes": sum(one.bytes for one in plans),
        "blocked": sum(bool(one.blockers) for one in plans),
        "back": reverse("disposal-list", kwargs={"list_id": list_id}),
        "places": places("disposal"),
    }
    return render(request, "docstore/records/disposal-plan.html", context)


@page("GET")
def show_item(request: HttpRequest, actor: Actor, *, listed_id: UUID) -> HttpResponseBase:
    """One record of a list: every copy of it, how each was removed and what proves it."""
    item, targets = disposal_desk.item_seen(actor, listed_id)
    [shown] = disposalshown.rows(actor, [item])
    context = {
        "item": item,
        "shown": shown,
        "targets": targets,
        "open": sum(one.status not in ("verified", "unlinked") for one in targets),
        "back": reverse("disposal-list", kwargs={"list_id": item.list_id}),
        "places": places("disposal"),
    }
    return render(request, "docstore/records/disposal-item.html", context)


@page("GET")
def send_certificate(request: HttpRequest, actor: Actor, *, certificate: str) -> HttpResponse:
    """A certificate as PDF."""
    issued = certificates.certificate_by_number(actor, certificate)
    response = HttpResponse(certificates.pdf_of(issued), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{issued.number}.pdf"'
    return response


@page("GET")
def send_envelope(request: HttpRequest, actor: Actor, *, certificate: str) -> HttpResponse:
    """A certificate as it was signed, with its place in the audit: what anybody can check without this server."""
    issued = certificates.certificate_by_number(actor, certificate)
    response = HttpResponse(json.dumps(issued.envelope), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="certificate-{issued.number}.json"'
    return response


@page("GET", "POST")
def find_destroyed(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Why is this not held? The number is sent by POST, so that it stands in no address."""
    actor.require(Permission.MANAGE_RECORDS)
    form = ReferenceForm(request.POST if request.method == "POST" else None)
    found = None
    if request.method == "POST" and form.is_valid():
        rows = stubs.find(actor, form.cleaned_data["reference"])
        digests = stubs.digests_of(rows)
        found = [_stub(one, digests.get(one.certificate, "")) for one in rows]
    context = {"form": form, "found": found, "places": places("destroyed")}
    return render(request, "docstore/records/destroyed.html", context, status=422 if form.errors else 200)


def _named(actor: Actor, plans: list[Plan]) -> list[dict[str, Any]]:
    """Each record by its number, and by its title where this person may read it."""
    names = named(actor, [one.record for one in plans])
    return [
        {
            "number": words.main_reference(case) if (case := names[one.record].case) else str(one.record.id),
            "title": names[one.record].title,
            "targets": one.targets,
            "blockers": one.blockers,
        }
        for one in plans
    ]


def _stub(one: Stub, digest: str) -> dict[str, object]:
    kind = _("Case") if one.kind == "case" else _("Document")
    return {
        "row": one,
        "kind": kind,
        "statement": stubs.statement(one),
        "digest": digest,
        "class": f"{one.schedule}/{one.class_code}" if one.class_code else "",
    }
