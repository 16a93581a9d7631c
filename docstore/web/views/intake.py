"""What stopped and waits for a person, and the button to try again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases.scope import Scope
from docstore.intake import queries
from docstore.reading.actions import retry_parked
from docstore.web.views.door import page, see_other

WORDS = {
    "reading.check": "The virus check",
    "reading.open": "Opening the file and making its pictures",
    "reading.page": "Reading a page",
    "reading.unpack": "Taking files out of a message",
    "reading.picture": "Making the picture of a page",
    "search.index": "Entering it into search",
}


@page("GET")
def list_waiting(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Work that stopped, the oldest first, with why."""
    actor.require(Permission.MANAGE_JOBS)
    rows = [
        {
            "job_id": one.job_id,
            "what": WORDS.get(one.name, one.name) + (f" {one.page}" if one.page else ""),
            "reason": one.reason or "No reason was given.",
            "since": one.since,
            "attempts": one.attempts,
            "title": one.document.title,
            "url": reverse("document", kwargs={"document_id": one.document.pk}),
        }
        for one in queries.parked(Scope.of(actor))
    ]
    return render(request, "docstore/intake.html", {"rows": rows})


@page("POST")
def retry(request: HttpRequest, actor: Actor, *, job_id: int) -> HttpResponseBase:
    """Try a piece of work again."""
    retry_parked(by=actor, job_id=job_id)
    messages.success(request, "It is being tried again.")
    return see_other(reverse("intake"))
