"""The exception queue: papers whose case is not certain, one to a page, and what a person decides about each."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import queries as cases
from docstore.cases.models import Case
from docstore.cases.references import parse
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Invalid, NotFound, Refusal
from docstore.intake import evidence, exceptions, item_pages
from docstore.intake.exceptions import Proposed
from docstore.intake.models import Act, IntakeException, Item
from docstore.web import intakeshown, scanwords, shown
from docstore.web.dates import day
from docstore.web.forms.exceptions import ExceptionForm, NewCaseForm, acts_for
from docstore.web.views.door import page, see_other

MOST_SHOWN = 200
QUARTER = 90


class NoSuchCase(Invalid):
    """No case that you may open has that number. Check it against the paper."""

    code = "case-unknown"


class ChooseACase(Invalid):
    """Choose the case that the paper belongs to, or give the number of another one."""

    code = "case-not-chosen"


@page("GET")
def list_exceptions(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What waits, the oldest first, each with its reason."""
    actor.require(Permission.DECIDE_EXCEPTIONS)
    rows = [
        {"exception": one, "title": intakeshown.exception_title(one.code), "url": _url(one.pk)}
        for one in exceptions.waiting(actor)[:MOST_SHOWN]
    ]
    context = {"places": intakeshown.navigation(actor, "exceptions"), "rows": rows}
    return render(request, "docstore/intake/exceptions.html", context)


@page("GET", "POST")
def show_exception(request: HttpRequest, actor: Actor, *, exception_id: UUID) -> HttpResponseBase:
    """One paper: its page, why it is here, the cases in question, and the acts. After an act comes the next paper."""
    found = _get(actor, exception_id)
    proposed = exceptions.proposals(actor, found)
    after = _next(actor, found)
    if request.method == "POST" and "later" in request.POST:
        return see_other(_url(after.pk) if after else reverse("exceptions"))
    acts = acts_for(found)
    form = ExceptionForm(
        request.POST if request.method == "POST" else None, proposed=[one.case for one in proposed], acts=acts
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if given["act"] == Act.CREATE_CASE:
            request.session["exception-reason"] = given["reason"]
            return see_other(reverse("exception-case", kwargs={"exception_id": exception_id}))
        try:
            said = _carry_out(actor, exception_id, given)
        except NotFound:
            raise
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, said)
            stays = given["act"] == Act.RECLASSIFY
            return see_other(_url(exception_id) if stays else _url(after.pk) if after else reverse("exceptions"))
    context = {**_context(request, actor, found, proposed), "form": form, "after": after, "acts": acts}
    return render(request, "docstore/intake/exception.html", context, status=422 if form.errors else 200)


@page("GET", "POST")
def create_case(request: HttpRequest, actor: Actor, *, exception_id: UUID) -> HttpResponseBase:
    """Open a case for a paper that has none, and file the paper there."""
    found = _get(actor, exception_id)
    after = _next(actor, found)
    if request.method == "POST":
        form = NewCaseForm(request.POST, case_types=cases.case_types_for(Scope.of(actor)))
    else:
        reason = request.session.get("exception-reason", "")
        form = NewCaseForm(None, case_types=cases.case_types_for(Scope.of(actor)), initial={"reason": reason})
    if request.method == "POST" and form.is_valid():
        try:
            document = _create(actor, exception_id, form.cleaned_data)
        except NotFound:
            raise
        except Refusal as refusal:
            form.take(refusal)
        else:
            request.session.pop("exception-reason", None)
            messages.success(request, _("The case is open, and %(title)s is on it.") % {"title": document.title})
            return see_other(_url(after.pk) if after else reverse("exceptions"))
    context = {**_context(request, actor, found, []), "form": form, "back": _url(exception_id)}
    return render(request, "docstore/intake/exception-case.html", context, status=422 if form.errors else 200)


@page("GET")
def send_picture(request: HttpRequest, actor: Actor, *, exception_id: UUID, number: int) -> HttpResponseBase:
    """The picture of a page of a paper that waits."""
    item = _item(_get(actor, exception_id))
    drawn = item_pages.picture(item, number, turned=_turned(request))
    return HttpResponse(drawn.image, content_type="image/webp", headers={"Cache-Control": "no-store"})


def _get(actor: Actor, exception_id: UUID) -> IntakeException:
    actor.require(Permission.DECIDE_EXCEPTIONS)
    return exceptions.get_exception(actor, exception_id)


def _item(found: IntakeException) -> Item:
    if found.item is None:
        raise NotFound
    return found.item


def _carry_out(actor: Actor, exception_id: UUID, given: dict[str, Any]) -> str:
    """Do what was chosen, and return the sentence about it."""
    reason = given["reason"]
    match Act(given["act"]):
        case Act.ATTACH:
            document = exceptions.attach(
                by=actor, exception_id=exception_id, case_id=_case_of(actor, given), reason=reason
            )
            return _("%(title)s is on the case.") % {"title": document.title}
        case Act.RECLASSIFY:
            exceptions.reclassify(by=actor, exception_id=exception_id, type=given["type"], reason=reason)
            return _("The kind of paper is changed. Its case is still to be decided.")
        case Act.RESCAN:
            exceptions.ask_for_rescan(by=actor, exception_id=exception_id, reason=reason)
            return _("The station is asked to scan it again.")
        case Act.CHECK_AGAIN:
            exceptions.check_again(by=actor, exception_id=exception_id, reason=reason)
            return _("It is being checked again, and goes on by itself.")
        case _:
            exceptions.abort(by=actor, exception_id=exception_id, reason=reason)
            return _("Nothing was filed. The station is told.")


def _case_of(actor: Actor, given: dict[str, Any]) -> UUID:
    if given["case"] and given["case"] != "other":
        return UUID(given["case"])
    if not given["reference"]:
        raise ChooseACase
    found = cases.list_cases(Scope.of(actor), reference=given["reference"], limit=1).rows
    if not found:
        raise NoSuchCase
    return found[0].pk


def _create(actor: Actor, exception_id: UUID, given: dict[str, Any]) -> Any:
    kinds = [kind for kind in ("urn", "ccd", "prosecutor", "legacy") if given[kind]]
    return exceptions.create_case(
        by=actor,
        exception_id=exception_id,
        title=given["title"],
        case_type=given["case_type"],
        references=[parse(kind, given[kind], pointer=f"/{kind}") for kind in kinds],
        reason=given["reason"],
    )


def _context(request: HttpRequest, actor: Actor, found: IntakeException, proposed: list[Proposed]) -> dict[str, object]:
    item, queue = found.item, list(exceptions.waiting(actor).values_list("pk", flat=True)[:MOST_SHOWN])
    place = queue.index(found.pk) if found.pk in queue else None
    number, turned = _number(request, item), _turned(request)
    return {
        "places": intakeshown.navigation(actor, "exceptions"),
        "exception": found,
        "item": item,
        "title": intakeshown.exception_title(found.code),
        "proposed": [_proposed(one) for one in proposed],
        "place": None if place is None else place + 1,
        "count": len(queue),
        "before_url": _url(queue[place - 1]) if place else "",
        "after_url": _url(queue[place + 1]) if place is not None and place + 1 < len(queue) else "",
        "number": number,
        "numbers": [at for at in range(1, (item.pages or 0) + 1) if item and at != number][:20] if item else [],
        "turned": turned,
        "turned_next": (turned + QUARTER) % 360,
        "may_show": item is not None and item_pages.may_be_shown(item),
        "boxes": evidence.boxes(item, number, [one.case for one in proposed]) if item and not turned else [],
        "doubts": _doubts(item, number),
        "may_file": item is not None and exceptions.may_be_filed(item),
        "items": found.batch.items.count(),
        "decided": intakeshown.decided_words(found.act),
        "as_text": "text" in request.GET,
        "paper": _paper(found),
    }


def _proposed(one: Proposed) -> dict[str, object]:
    """A case in question, with what speaks for it and against it."""
    said = [*one.because]
    if one.heard_on:
        said.append(_("It is heard on %(day)s, a date on the paper.") % {"day": day(one.heard_on)})
    against = [] if one.case.is_open else [_ended(one.case)]
    against += [_("No name on the paper is a party’s.")] if one.is_named is False else []
    against += [] if one.is_listed else [_("No hearing is listed.")]
    return {"case": shown.case(one.case), "pk": one.case.pk, "because": said, "against": against}


def _ended(case: Case) -> str:
    return _("It ended on %(day)s.") % {"day": day(case.closed_on)} if case.closed_on else _("It is closed.")


def _paper(found: IntakeException) -> dict[str, object] | None:
    """Where the paper lies and until when it is kept; None before its receipt is given."""
    issued, station = found.batch.receipt_issued_at, found.batch.station
    if issued is None:
        return None
    until = issued.astimezone(clock.COURT_ZONE).date() + timedelta(days=station.paper_days)
    return {"tray": station.tray, "until": until, "is_over": until < clock.today()}


def _doubts(item: Item | None, number: int) -> list[str]:
    """What is in doubt about the scan of this page."""
    page = item.scanned_pages.filter(number=number).first() if item else None
    return [scanwords.sentence(doubt, measured) for doubt, measured in page.found] if page else []


def _next(actor: Actor, found: IntakeException) -> IntakeException | None:
    """What waits after this one, going round once."""
    rows = list(exceptions.waiting(actor)[:MOST_SHOWN])
    later = [one for one in rows if (one.raised_at, str(one.pk)) > (found.raised_at, str(found.pk))]
    earlier = [one for one in rows if one.pk != found.pk]
    return next(iter(later or earlier), None)


def _number(request: HttpRequest, item: Item | None) -> int:
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    return max(1, min(number, (item.pages or 1) if item else 1))


def _turned(request: HttpRequest) -> int:
    asked = request.GET.get("turned", "0")
    return int(asked) if asked in ("90", "180", "270") else 0


def _url(exception_id: UUID) -> str:
    return reverse("exception", kwargs={"exception_id": exception_id})
