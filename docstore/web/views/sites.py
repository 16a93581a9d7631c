"""Changing court, for people who hold roles at several."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.web.forms.sites import CourtForm
from docstore.web.sites import choose_court, chosen_court
from docstore.web.views.door import page, see_other


@page("GET", "POST")
def change_court(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Choose the court to work in, or all of one's courts."""
    courts = sorted(access.courts_of(actor), key=lambda one: one.name)
    form = CourtForm(request.POST or None, courts=courts, initial={"court": chosen_court(request, actor)})
    if request.method == "POST" and form.is_valid():
        choose_court(request, actor, form.cleaned_data["court"])
        names = {one.code: one.name for one in courts}
        said = _("You now work in %(court)s.") % {"court": names.get(form.cleaned_data["court"], _("all your courts"))}
        messages.success(request, said)
        return see_other(reverse("home"))
    return render(request, "docstore/court.html", {"form": form, "courts": courts}, status=422 if form.errors else 200)
