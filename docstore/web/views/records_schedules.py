"""Schedules: every class with its wordings, what changes between two of them, and the way of a draft into force."""

import csv
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.access.queries import names
from docstore.core.errors import Forbidden, Refusal
from docstore.retention import desk, explain, policy, preview, queries, schedules
from docstore.retention.models import ClassVersion
from docstore.retention.vocabulary import AppliesTo, StubFact, VersionStatus
from docstore.web import recordwords
from docstore.web.forms.records import APPLIES, STUB_FACTS, ClassForm, ReasonForm
from docstore.web.views.door import page, see_other
from docstore.web.views.records import places

LISTED = 25


@dataclass(frozen=True, slots=True)
class Difference:
    """One member of a wording, before and after."""

    name: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@page("GET")
def list_schedules(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every schedule with its classes and where each stands."""
    rows = queries.schedules(actor)
    context = {
        "schedules": [
            {"code": one.code, "title": one.title, "classes": [_class(row) for row in one.classes.all()]}
            for one in rows
        ],
        "waiting": desk.open_versions(),
        "may_define": actor.may(Permission.DEFINE_SCHEDULES),
        "places": places("schedules"),
    }
    return render(request, "docstore/records/schedules.html", context)


@page("GET")
def show_class(request: HttpRequest, actor: Actor, *, class_id: int) -> HttpResponse:
    """One class: its wordings, the newest first, each compared with the one before."""
    row = desk.class_seen(actor, class_id)
    versions = list(row.versions.prefetch_related("steps").order_by("number"))
    people = names({one for version in versions for one in (version.author, version.approver) if one})
    shown = [_version(one, earlier, people, actor) for one, earlier in zip(versions, [None, *versions], strict=False)]
    context = {
        "class": row,
        "versions": list(reversed(shown)),
        "records": desk.count_under(actor, class_id),
        "runs": desk.runs_under_way(class_id),
        "left_out": [STUB_FACTS[StubFact(one)] for one in row.stub_leaves_out],
        "list_url": f"{reverse('records-list')}?disposal_class={row.code}",
        "may_draft": actor.may(Permission.DEFINE_SCHEDULES) and not any(one.status in OPEN for one in versions),
        "places": places("schedules"),
    }
    return render(request, "docstore/records/class.html", context)


OPEN = (VersionStatus.DRAFT, VersionStatus.PENDING)


@page("GET", "POST")
def define_class(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Make a class; its wording comes next."""
    actor.require(Permission.DEFINE_SCHEDULES)
    form = ClassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = schedules.define_class(by=actor, told=form.told())
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The class is made. Now write what it says."))
            return see_other(reverse("draft-version", kwargs={"class_id": row.pk}))
    context = {"form": form, "label": _("Make a disposal class"), "back": reverse("records-schedules"), "hint": ""}
    return render(request, "docstore/records/act.html", context, status=422 if form.errors else 200)


@page("GET", "POST")
def act_on_version(request: HttpRequest, actor: Actor, *, version_id: int, act: str) -> HttpResponseBase:
    """Submit, approve or withdraw a wording, with its effect before one's eyes."""
    row = schedules.version_seen(actor, version_id)
    if act not in ACTS:
        raise Forbidden
    actor.require(ACTS[act][1])
    form = ReasonForm(request.POST or None)
    if act != "withdraw":
        del form.fields["reason"]
    form.is_bound = request.method == "POST"
    if request.method == "POST" and form.is_valid():
        try:
            _carry_out(actor, version_id, act, form.cleaned_data.get("reason", ""))
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, str(ACTS[act][2]))
            return see_other(reverse("records-class", kwargs={"class_id": row.disposal_class_id}))
    context = {
        "form": form,
        "label": f"{ACTS[act][0]}: {row}",
        "button": ACTS[act][0],
        "impact": schedules.preview_version(by=actor, version_id=version_id),
        "says": explain.in_full(policy.rule_of(row)),
        "back": reverse("records-class", kwargs={"class_id": row.disposal_class_id}),
        "impact_url": reverse("version-impact", kwargs={"version_id": version_id}),
    }
    return render(request, "docstore/records/version-act.html", context, status=422 if form.errors else 200)


@page("GET")
def export_impact(request: HttpRequest, actor: Actor, *, version_id: int) -> HttpResponse:
    """Every record whose date a wording would move, as a file (RET-A5)."""
    row = schedules.version_seen(actor, version_id)
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="impact-{version_id}.csv"'},
    )
    writer = csv.writer(response)
    writer.writerow(["kind", "record", "effect", "before", "after", "becomes due"])
    count = 0
    for one in preview.moves(row):
        if one.effect is not preview.Effect.SAME or one.becomes_due:
            days = [day.isoformat() if day else "" for day in (one.before.due_on, one.after.due_on)]
            writer.writerow([one.record.kind, one.record.id, one.effect, *days, "yes" if one.becomes_due else "no"])
            count += 1
    desk.record_export(actor, what=f"impact of class version {version_id}", rows=count)
    return response


def _carry_out(by: Actor, version_id: int, act: str, reason: str) -> None:
    match act:
        case "submit":
            schedules.submit_version(by=by, version_id=version_id)
        case "approve":
            schedules.approve_version(by=by, version_id=version_id)
        case _:
            schedules.withdraw_version(by=by, version_id=version_id, reason=reason)


ACTS = {
    "submit": (_("Submit for approval"), Permission.DEFINE_SCHEDULES, _("Submitted. Somebody else has to approve it.")),
    "approve": (_("Approve"), Permission.APPROVE_SCHEDULES, _("Approved. Its records are worked out anew.")),
    "withdraw": (_("Withdraw"), Permission.DEFINE_SCHEDULES, _("Withdrawn.")),
}


def _class(row: Any) -> dict[str, Any]:
    versions = sorted(row.versions.all(), key=lambda one: one.number)
    current = next((one for one in reversed(versions) if one.status == VersionStatus.APPROVED), None)
    last = current or (versions[-1] if versions else None)
    return {
        "url": reverse("records-class", kwargs={"class_id": row.pk}),
        "code": row.code,
        "title": row.title,
        "says": explain.in_full(policy.rule_of(last))[0] if last else "",
        "state": recordwords.status(last.status) if last else None,
        "is_retired": row.retired_at is not None,
        "is_descriptive": bool(last and last.descriptive),
    }


def _version(row: ClassVersion, earlier: ClassVersion | None, people: dict[Any, str], actor: Actor) -> dict[str, Any]:
    return {
        "row": row,
        "state": recordwords.status(row.status),
        "says": explain.in_full(policy.rule_of(row)),
        "applies": APPLIES[AppliesTo(row.applies_to)],
        "author": people.get(row.author, "Docstore") if row.author else "Docstore",
        "approver": people.get(row.approver, "") if row.approver else "",
        "differences": [one for one in compare(earlier, row) if one.is_changed] if earlier else [],
        "compared_with": earlier.number if earlier else None,
        "acts": _acts(row, actor),
    }


def _acts(row: ClassVersion, actor: Actor) -> list[tuple[str, str]]:
    fitting = {VersionStatus.DRAFT: ("submit", "withdraw"), VersionStatus.PENDING: ("approve", "withdraw")}
    return [
        (str(ACTS[act][0]), reverse("version-act", kwargs={"version_id": row.pk, "act": act}))
        for act in fitting.get(VersionStatus(row.status), ())
        if actor.may(ACTS[act][1]) and not (act == "approve" and row.author == actor.user_id)
    ]


def compare(before: ClassVersion, after: ClassVersion) -> list[Difference]:
    """Return what two wordings say, member by member, so that a reader sees what has changed."""
    old, new = policy.rule_of(before), policy.rule_of(after)
    found = [
        Difference(_("In force from"), explain.day(old.effective_from), explain.day(new.effective_from)),
        Difference(_("It is for"), str(APPLIES[old.applies_to]), str(APPLIES[new.applies_to])),
    ]
    steps = max(len(old.steps), len(new.steps))
    said = [(explain.in_full(old), explain.in_full(new))]
    for at in range(steps):
        texts = [one[at] if at < len(one) else _("nothing") for pair in said for one in pair]
        found.append(Difference(_("Step %(number)s") % {"number": at + 1}, texts[0], texts[1]))
    stages = [" ".join(str(one.approval_stages) for one in row.steps.all()) for row in (before, after)]
    found.append(Difference(_("Approvals by different people"), stages[0], stages[1]))
    return found
