"""Who has access: the review from time to time, and the one act for somebody who leaves."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.access.roles import ROLES
from docstore.cases import leavers
from docstore.core import clock
from docstore.core.errors import Refusal
from docstore.web.forms.access import LeaverForm
from docstore.web.views.door import page, see_other

AT_ONCE = 50


@page("GET")
def list_people(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Everybody whom the person looks after, with what they hold and when that was last looked at."""
    actor.require(Permission.REVIEW_PEOPLE)
    shown = Paginator(leavers.people_of(actor), AT_ONCE).get_page(request.GET.get("page"))
    now = clock.now()
    held = leavers.holdings(list(shown.object_list), on=clock.today())
    rows = [{"holding": one, "roles": _roles(one), "due": one.is_due(now=now)} for one in held]
    context = {
        "rows": rows,
        "next_url": f"?page={shown.next_page_number()}" if shown.has_next() else "",
        "days": leavers.REVIEW_DAYS,
    }
    return render(request, "docstore/access/people.html", context)


@page("GET", "POST")
def show_person(request: HttpRequest, actor: Actor, *, person_id: UUID) -> HttpResponseBase:
    """What one person holds; keep it, or end all of it."""
    actor.require(Permission.REVIEW_PEOPLE)
    person = leavers.get_person(actor, person_id)
    form = LeaverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["reason"]
        try:
            if request.POST.get("answer") == "end":
                leavers.end_access(by=actor, person_id=person_id, reason=note)
                said = _("Everything that %(person)s held has been ended.")
            else:
                leavers.keep_access(by=actor, person_id=person_id, note=note)
                said = _("You have reviewed what %(person)s may do.")
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, said % {"person": person.name})
            return see_other(reverse("people"))
    holding = leavers.holdings([person], on=clock.today())[0]
    context = {"form": form, "holding": holding, "roles": _roles(holding), "is_self": person.pk == actor.user_id}
    return render(request, "docstore/access/person.html", context, status=422 if form.errors else 200)


def _roles(holding: leavers.Holding) -> list[str]:
    said = []
    for held in holding.roles:
        code, _space, court = held.partition(" ")
        said.append(f"{ROLES[code].name}, {court}" if court else ROLES[code].name)
    return said
