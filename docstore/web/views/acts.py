"""Acts on a document, each with a reason: one form, one call, one sentence about what was done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import queries as cases
from docstore.cases.models import Classification, Right
from docstore.cases.scope import Scope
from docstore.core.errors import Forbidden, Invalid, NotFound, Refusal
from docstore.documents import actions, queries
from docstore.documents.models import Document
from docstore.documents.queries import Placed
from docstore.intake.actions import take_version
from docstore.web import shown
from docstore.web.filing import DOUBTS
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.documents import ActForm, MoveForm, NewVersionForm, ReclassifyForm, RereadForm, SealForm
from docstore.web.views.door import page, see_other
from docstore.web.views.uploads import incoming_of


class NoSuchCase(Invalid):
    """No case that you may open has that number. Check it against the paper."""

    code = "case-unknown"


@dataclass(frozen=True, slots=True)
class Act:
    """One act as a page: what it is called, who may, what it asks, what it calls and what it says afterwards."""

    name: str
    label: str
    explain: str
    permission: Permission
    form: type[RefusableForm]
    carry_out: Callable[[Actor, Document, dict[str, Any]], object]
    done: str
    fits: Callable[[Document], bool] = lambda _: True
    right: Right = Right.READ

    def is_open_to(self, scope: Scope, placed: Placed) -> bool:
        """Whether to offer it; the room decides again when it is carried out."""
        may = scope.allows_on(placed.filing.case, self.permission)
        has_right = placed.filing.section_id in scope.sections_on(placed.filing.case, self.right)
        return may and has_right and self.fits(placed.document)

    def link(self, document: Document) -> dict[str, str]:
        """Return its place among the acts of a document."""
        url = reverse("document-act", kwargs={"document_id": document.pk, "act": self.name})
        return {"label": gettext(self.label), "url": url}


def _move(by: Actor, document: Document, given: dict[str, Any]) -> None:
    found = cases.list_cases(Scope.of(by), reference=given["reference"], limit=1).rows
    if not found:
        raise NoSuchCase
    actions.move(
        by=by,
        document_id=document.pk,
        seen=given["seen"],
        case_id=found[0].pk,
        section=given["section"],
        reason=given["reason"],
    )


def _seal(by: Actor, document: Document, given: dict[str, Any]) -> None:
    named = tuple(access.person(name) for name in given["named"].replace(",", " ").split())
    actions.seal(by=by, document_id=document.pk, seen=given["seen"], reason=given["reason"], named=named)


def _reclassify(by: Actor, document: Document, given: dict[str, Any]) -> None:
    chosen = Classification(int(given["classification"]))
    actions.reclassify(
        by=by, document_id=document.pk, seen=given["seen"], classification=chosen, reason=given["reason"]
    )


def _new_version(by: Actor, document: Document, given: dict[str, Any]) -> None:
    take_version(
        by=by,
        document_id=document.pk,
        seen=given["seen"],
        incoming=incoming_of(given["file"]),
        reason=given["reason"],
        confirmed=given["confirm"],
    )


def _plain(call: Callable[..., object]) -> Callable[[Actor, Document, dict[str, Any]], object]:
    def carry_out(by: Actor, document: Document, given: dict[str, Any]) -> object:
        return call(by=by, document_id=document.pk, **given)

    return carry_out


_ALL = (
    Act(
        "version",
        gettext_noop("File a new version"),
        gettext_noop("The new file takes the place of the current version. Earlier versions stay and can be opened."),
        Permission.FILE_DOCUMENTS,
        NewVersionForm,
        _new_version,
        gettext_noop("The new version is filed. It is being checked and read."),
        fits=lambda one: not one.is_withdrawn,
        right=Right.FILE,
    ),
    Act(
        "reclassify",
        gettext_noop("Change who may open it"),
        gettext_noop("It counts at once, in search as well."),
        Permission.RECLASSIFY_DOCUMENTS,
        ReclassifyForm,
        _reclassify,
        gettext_noop("Who may open it is changed."),
    ),
    Act(
        "seal",
        gettext_noop("Seal it"),
        gettext_noop(
            "Once sealed it is open only to court officers, advisers and judges of this court and to the people you name."
        ),
        Permission.SEAL_DOCUMENTS,
        SealForm,
        _seal,
        gettext_noop("The document is sealed, in search as well."),
        fits=lambda one: not one.sealed,
    ),
    Act(
        "unseal",
        gettext_noop("Lift its seal"),
        gettext_noop("Everybody who may read its section can open it again."),
        Permission.SEAL_DOCUMENTS,
        ActForm,
        _plain(actions.unseal),
        gettext_noop("The seal is lifted."),
        fits=lambda one: one.sealed,
    ),
    Act(
        "move",
        gettext_noop("Move it to another case"),
        gettext_noop(
            "For a misfiled paper. A note stays behind that a document stood here, and the history keeps both places."
        ),
        Permission.MOVE_DOCUMENTS,
        MoveForm,
        _move,
        gettext_noop("The document is moved."),
    ),
    Act(
        "withdraw",
        gettext_noop("Withdraw it"),
        gettext_noop("It leaves the case file and search. Nothing is destroyed, and it can be restored."),
        Permission.WITHDRAW_DOCUMENTS,
        ActForm,
        _plain(actions.withdraw),
        gettext_noop("The document is withdrawn. It can be restored from this page."),
        fits=lambda one: not one.is_withdrawn,
    ),
    Act(
        "restore",
        gettext_noop("Restore it"),
        gettext_noop("It returns to its section and to search."),
        Permission.WITHDRAW_DOCUMENTS,
        ActForm,
        _plain(actions.restore),
        gettext_noop("The document is restored."),
        fits=lambda one: one.is_withdrawn,
    ),
    Act(
        "reread",
        gettext_noop("Read it again"),
        gettext_noop("Its pages are read again from the original file. Until that is done its old text stays."),
        Permission.REREAD_DOCUMENTS,
        RereadForm,
        _plain(actions.reread),
        gettext_noop("The document is being read again."),
    ),
)
ACTS = {one.name: one for one in _ALL}


@page("GET", "POST")
def do_act(request: HttpRequest, actor: Actor, *, document_id: UUID, act: str) -> HttpResponseBase:
    """Ask for the reason, then carry the act out. What was typed stays where it is refused."""
    scope = Scope.of(actor)
    found = queries.placed(scope, [queries.get_document(scope, document_id)])
    chosen = ACTS.get(act)
    if not found or chosen is None:
        raise NotFound
    if not chosen.is_open_to(scope, found[0]):
        raise Forbidden
    placed = found[0]
    form = _form(request, chosen, scope, placed)
    if request.method == "POST" and form.is_valid():
        try:
            chosen.carry_out(actor, placed.document, form.cleaned_data)
        except Refusal as refusal:
            _take(form, refusal)
        else:
            messages.success(request, gettext(chosen.done))
            return see_other(_after(actor, placed))
    context = {
        "act": chosen,
        "form": form,
        "case": shown.case(placed.filing.case),
        "document": placed.document,
        "document_url": reverse("document", kwargs={"document_id": document_id}),
    }
    return render(request, "docstore/documents/act.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, act: Act, scope: Scope, placed: Placed) -> RefusableForm:
    initial = {"seen": placed.document.etag, "classification": str(int(placed.document.classification))}
    more: dict[str, Any] = {}
    if act.form is MoveForm:
        more["sections"] = [one for one in cases.sections_of(scope, placed.filing.case) if Right.FILE in one.rights]
    if request.method == "POST":
        return act.form(request.POST, request.FILES, **more)
    return act.form(initial=initial, **more)


def _take(form: RefusableForm, refusal: Refusal) -> None:
    """Show a refusal; a doubt is confirmed by ticking its box and sending the file again."""
    form.take(refusal)
    if refusal.code in DOUBTS and isinstance(form, NewVersionForm):
        form.ask(refusal.code, str(DOUBTS[refusal.code]))


def _after(actor: Actor, placed: Placed) -> str:
    """The document's page, or the case's where the act has put it out of this person's sight."""
    scope = Scope.of(actor)
    try:
        queries.get_document(scope, placed.document.pk)
    except NotFound:
        return reverse("case", kwargs={"case_id": placed.filing.case_id})
    return reverse("document", kwargs={"document_id": placed.document.pk})
