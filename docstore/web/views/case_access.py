"""Who is on a case, what they see of it, and why somebody can or cannot open a document."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.access.queries import active_person, person_called
from docstore.access.roles import ROLES
from docstore.cases import actions, queries
from docstore.cases.models import Case, Exclusion, Membership, Side
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Forbidden, NotFound, Refusal
from docstore.documents import explain
from docstore.documents import queries as documents
from docstore.documents.preview import Preview, preview_as_person, preview_as_role
from docstore.documents.rules import Change
from docstore.web import dates, shown, words
from docstore.web.acts import ACTS
from docstore.web.forms.access import BarForm, MemberForm, PersonForm
from docstore.web.forms.cases import RefusableForm
from docstore.web.views.door import page, see_other


@dataclass(frozen=True, slots=True)
class MemberShown:
    """One line of the people on a case."""

    id: str
    person_id: str
    name: str
    role: str
    side: str
    period: str
    is_live: bool


@page("GET", "POST")
def show_access(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponseBase:
    """Everybody who is named on the case or barred from it, and the forms to change that."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    if not scope.allows_on(case, Permission.EXPLAIN_ACCESS):
        raise Forbidden
    member, bar = MemberForm(parties=case.parties.all()), BarForm(auto_id="bar_%s")
    if request.method == "POST":
        answer = _change(request, actor, case)
        if isinstance(answer, MemberForm):
            member = answer
        elif isinstance(answer, BarForm):
            bar = answer
        else:
            return answer
    people = [_member(one) for one in case.memberships.select_related("person", "party").order_by("side", "pk")]
    context = {
        "case": shown.case(case),
        "case_id": case.pk,
        "members": [one for one in people if one.is_live],
        "former": [one for one in people if not one.is_live],
        "bars": [_bar(one) for one in case.exclusions.select_related("person").order_by("pk")],
        "member_form": member if scope.allows_on(case, Permission.MANAGE_MEMBERS) else None,
        "bar_form": bar if scope.allows_on(case, Permission.EXCLUDE_PEOPLE) else None,
        "failed": next((form for form in (member, bar) if form.errors), None),
        "roles": [(code, ROLES[code].name) for code in ("prosecutor", "defence", "probation", "usher")],
        "staff_sentence": _staff_sentence(case),
    }
    return render(request, "docstore/access/case.html", context, status=422 if context["failed"] else 200)


def _staff_sentence(case: Case) -> str:
    if case.sealed:
        return _("The case is sealed, so court staff open it only where they are named here.")
    return _("Besides the people named here, court staff of %(court)s open it by their role.") % {"court": case.court}


def _change(request: HttpRequest, actor: Actor, case: Case) -> HttpResponseBase | MemberForm | BarForm:
    """Carry out one change; a form comes back where something is missing or refused."""
    act = request.POST.get("act", "")
    if act in ENDINGS:
        return _end(request, actor, case, act)
    form = (
        MemberForm(request.POST, parties=case.parties.all())
        if act == "add"
        else BarForm(request.POST, auto_id="bar_%s")
    )
    if not form.is_valid():
        return form
    try:
        said = _add(actor, case, form) if isinstance(form, MemberForm) else _exclude(actor, case, form)
    except Refusal as refusal:
        form.take(refusal)
        return form
    messages.success(request, said)
    return see_other(reverse("case-access", kwargs={"case_id": case.pk}))


def _add(actor: Actor, case: Case, form: MemberForm) -> str:
    given = form.cleaned_data
    person = person_called(given["person"])
    actions.add_member(
        by=actor,
        case_id=case.pk,
        person=person,
        role=given["role"],
        side=given["side"],
        party=given["party"],
        from_on=given["from_on"],
        to_on=given["to_on"],
    )
    return _("%(person)s is on the case.") % {"person": person.name}


def _exclude(actor: Actor, case: Case, form: BarForm) -> str:
    person = person_called(form.cleaned_data["person"])
    actions.exclude_person(by=actor, case_id=case.pk, person=person, reason=form.cleaned_data["reason"])
    return _("%(person)s is barred from the case, from now on and everywhere.") % {"person": person.name}


ENDINGS = ("end", "lift")


def _end(request: HttpRequest, actor: Actor, case: Case, act: str) -> HttpResponse:
    reason = request.POST.get("reason", "").strip() or _("Ended on the access page.")
    try:
        if act == "end":
            actions.end_membership(
                by=actor, case_id=case.pk, member_id=_uuid(request.POST.get("id", "")), reason=reason
            )
            messages.success(request, _("They are no longer on the case."))
        else:
            actions.end_exclusion(
                by=actor, case_id=case.pk, exclusion_id=_uuid(request.POST.get("id", "")), reason=reason
            )
            messages.success(request, _("The bar is lifted."))
    except (Membership.DoesNotExist, Exclusion.DoesNotExist) as gone:
        raise NotFound from gone
    return see_other(reverse("case-access", kwargs={"case_id": case.pk}))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _member(row: Membership) -> MemberShown:
    today = clock.today()
    started = row.from_on is None or row.from_on <= today
    ended = row.to_on is not None and row.to_on < today
    until = _("until %(day)s") % {"day": dates.day(row.to_on)} if row.to_on else _("no end date")
    since = _("from %(day)s, ") % {"day": dates.day(row.from_on)} if row.from_on else ""
    party = _(", for %(party)s") % {"party": row.party.name} if row.party else ""
    return MemberShown(
        id=str(row.pk),
        person_id=str(row.person_id),
        name=row.person.name,
        role=ROLES[row.role].name + party,
        side=words.side(row.side),
        period=since + until,
        is_live=started and not ended,
    )


def _bar(row: Exclusion) -> dict[str, object]:
    lifted = row.to_on is not None and row.to_on < clock.today()
    return {
        "id": str(row.pk),
        "name": row.person.name,
        "reason": row.reason,
        "lifted_on": row.to_on if lifted else None,
    }


@page("GET")
def preview_person(request: HttpRequest, actor: Actor, *, case_id: UUID, person_id: UUID) -> HttpResponseBase:
    """The case as one person sees it."""
    case = queries.get_case(Scope.of(actor), case_id)
    person = active_person(person_id)
    if person is None:
        raise NotFound
    return _show_preview(request, preview_as_person(by=actor, case_id=case.pk, person=person))


@page("GET")
def preview_role(request: HttpRequest, actor: Actor, *, case_id: UUID, role: str) -> HttpResponseBase:
    """The case as a member in this role would see it."""
    side = actions.DEFAULT_SIDES.get(role, Side.OTHER)
    return _show_preview(request, preview_as_role(by=actor, case_id=case_id, role=role, side=side))


def _show_preview(request: HttpRequest, preview: Preview) -> HttpResponseBase:
    context = {
        "case": shown.case(preview.case),
        "preview": preview,
        "total": sum(len(one.documents) for one in preview.sections) + preview.theirs_alone,
    }
    return render(request, "docstore/access/preview.html", context)


@page("GET", "POST")
def explain_document(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponseBase:
    """Why a person can or cannot open this document, rule by rule. The address names people by id alone."""
    scope = Scope.of(actor)
    document = documents.get_document(scope, document_id)
    placed = documents.placed(scope, [document])[0]
    if not scope.allows_on(placed.filing.case, Permission.EXPLAIN_ACCESS):
        raise Forbidden
    form: RefusableForm = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = person_called(form.cleaned_data["person"])
        except Refusal as refusal:
            form.take(refusal)
        else:
            return see_other(f"{request.path}?person={person.pk}")
    verdict = _verdict(request, actor, document_id)
    if verdict:
        form = PersonForm(initial={"person": verdict.person.name})
    context = {
        "case": shown.case(placed.filing.case),
        "case_id": placed.filing.case_id,
        "document": document,
        "document_url": reverse("document", kwargs={"document_id": document_id}),
        "form": form,
        "verdict": verdict,
        "failed": [one for one in verdict.rules if not one.passed] if verdict else [],
        "changes": [_change_shown(one, scope, placed) for one in verdict.changes] if verdict else [],
        "at": clock.now(),
    }
    return render(request, "docstore/access/explain.html", context, status=422 if form.errors else 200)


def _verdict(request: HttpRequest, actor: Actor, document_id: UUID) -> explain.Verdict | None:
    wanted = request.GET.get("person", "")
    if not wanted or request.method == "POST":
        return None
    person = active_person(_uuid(wanted))
    if person is None:
        raise NotFound
    return explain.judge(by=actor, document_id=document_id, person=person)


def _change_shown(change: Change, scope: Scope, placed: documents.Placed) -> dict[str, str]:
    """A change with the link to make it, for somebody who may."""
    link = ""
    if change.act == "members" and scope.allows_on(placed.filing.case, Permission.MANAGE_MEMBERS):
        link = reverse("case-access", kwargs={"case_id": placed.filing.case_id})
    elif change.act in ACTS and ACTS[change.act].is_open_to(scope, placed):
        link = ACTS[change.act].link(placed.document)["url"]
    return {"what": change.what, "who": change.who, "url": link}
