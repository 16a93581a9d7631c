"""Drafting what a class says, and taking whole schedules in and out as CSV."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.core.errors import Refusal
from docstore.retention import desk, interchange, schedules
from docstore.retention.drafts import Draft, parse_steps
from docstore.retention.vocabulary import AppliesTo
from docstore.web.forms.records import ImportForm
from docstore.web.forms.wording import Wording
from docstore.web.views.door import page, see_other


@page("GET", "POST")
def draft_version(request: HttpRequest, actor: Actor, *, class_id: int) -> HttpResponseBase:
    """Draft the next wording of a class."""
    actor.require(Permission.DEFINE_SCHEDULES)
    row = desk.class_seen(actor, class_id)
    wording = Wording(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not wording.is_changing and wording.is_valid():
        try:
            _draft(actor, class_id, wording)
        except Refusal as refusal:
            wording.take(refusal)
        else:
            messages.success(request, _("The draft is kept. Look at what it would change, then submit it."))
            return see_other(reverse("records-class", kwargs={"class_id": class_id}))
    context = {"wording": wording, "class": row, "back": reverse("records-class", kwargs={"class_id": class_id})}
    return render(request, "docstore/records/wording.html", context, status=422 if wording.errors else 200)


def _draft(by: Actor, class_id: int, wording: Wording) -> None:
    given = wording.form.cleaned_data
    draft = Draft(
        effective_from=given["effective_from"],
        applies_to=AppliesTo(given["applies_to"]),
        guard_days=given["guard_days"],
        steps=parse_steps([one.step() for one in wording.steps]),
    )
    schedules.draft_version(by=by, class_id=class_id, draft=draft)


@page("GET", "POST")
def import_schedule(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Take a schedule in from a file, as drafts that somebody has to submit and another approve."""
    actor.require(Permission.DEFINE_SCHEDULES)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            taken = interchange.import_schedule(by=actor, content=given["file"].read(), schedule=given["schedule"])
        except Refusal as refusal:
            form.take(refusal)
        else:
            counts = {"classes": taken.classes, "versions": taken.versions}
            messages.success(request, _("Taken in: %(classes)s classes, %(versions)s wordings, as drafts.") % counts)
            return see_other(reverse("records-schedules"))
    context = {
        "form": form,
        "label": _("Take a schedule in"),
        "hint": _("Either all of it is good, or nothing is kept and every wrong row is named."),
        "back": reverse("records-schedules"),
        "has_file": True,
    }
    return render(request, "docstore/records/act.html", context, status=422 if form.errors else 200)


@page("GET")
def export_schedule(request: HttpRequest, actor: Actor, *, schedule: str) -> HttpResponse:
    """A schedule with every wording and its digests, as CSV."""
    found = interchange.export_schedule(by=actor, code=schedule)
    response = HttpResponse(found.csv, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="schedule-{schedule}.csv"'
    response["X-Content-SHA256"] = found.sha256
    return response
