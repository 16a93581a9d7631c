"""Filing: several files at once, each taken or refused by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import queries
from docstore.cases.models import Case, Classification, Right
from docstore.cases.queries import SectionView
from docstore.cases.scope import Scope
from docstore.core.errors import Forbidden, Refusal
from docstore.intake.actions import Incoming, take_document
from docstore.web import shown, words
from docstore.web.forms.documents import FileForm
from docstore.web.refusals import wants_json
from docstore.web.views.door import page

# Doubts that court staff may settle; everything else is final.
DOUBTS = {
    "already-filed": "File it a second time",
    "active-content": "File it all the same. Its pages are shown as pictures; the scripts never run here",
    "wrong-case": "File it here. I have read it and it belongs to this case",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    name: str
    url: str = ""
    code: str = ""
    detail: str = ""

    @property
    def question(self) -> str:
        """What a person may answer, where a person may."""
        return DOUBTS.get(self.code, "")


@page("GET", "POST")
def file_documents(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponseBase:
    """The filing page, and what it sends: one file at a time from our script, several from a plain form."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    sections = [view for view in queries.sections_of(scope, case) if Right.FILE in view.rights]
    if not sections or not scope.allows_on(case, Permission.FILE_DOCUMENTS):
        raise Forbidden
    floor = Classification(case.classification)
    form = FileForm(
        request.POST or None,
        request.FILES or None,
        sections=sections,
        floor=floor,
        initial={"classification": str(int(floor)), "section": request.GET.get("section", "")},
    )
    outcomes: list[Outcome] = []
    if request.method == "POST" and form.is_valid():
        outcomes = [_take(actor, case, each, form.cleaned_data) for each in form.cleaned_data["files"]]
    if request.method == "POST" and wants_json(request):
        return _as_json(form, outcomes)
    return _as_page(request, actor, case, form, sections, outcomes)


def _take(actor: Actor, case: Case, file: Any, given: dict[str, Any]) -> Outcome:
    name = file.name or "document"
    try:
        document = take_document(
            by=actor,
            case_id=case.pk,
            section=given["section"],
            incoming=incoming_of(file),
            title=given["title"],
            dated_on=given["dated_on"],
            classification=Classification(int(given["classification"])),
            confirmed=given["confirm"],
        )
    except Refusal as refusal:
        return Outcome(name, code=refusal.code, detail=refusal.sentence)
    return Outcome(name, url=reverse("document", kwargs={"document_id": document.pk}))


def incoming_of(file: TemporaryUploadedFile) -> Incoming:
    """Return a file that the upload handler has spooled and hashed."""
    return Incoming(
        path=Path(file.temporary_file_path()),
        name=file.name or "document",
        declared=file.content_type,
        size=file.size or 0,
        sha256=file.sha256,  # type: ignore[attr-defined] # set by intake.receiving
    )


def _as_json(form: FileForm, outcomes: list[Outcome]) -> HttpResponse:
    """Answer our script, which sends one file at a time."""
    if not outcomes:
        sentences = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"code": "invalid", "detail": " ".join(sentences)}, status=422)
    one = outcomes[0]
    if one.url:
        return JsonResponse({"url": one.url}, status=201)
    status = 409 if one.question else 422
    return JsonResponse({"code": one.code, "detail": one.detail, "question": one.question}, status=status)


def _as_page(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    form: FileForm,
    sections: Iterable[SectionView],
    outcomes: list[Outcome],
) -> HttpResponse:
    refused = [one for one in outcomes if not one.url]
    context = {
        "case": shown.case(case),
        "form": form,
        "sections": [(one.section.code, one.section.name) for one in sections],
        "classifications": form.fields["classification"].choices,  # type: ignore[attr-defined]
        "floor": str(int(case.classification)),
        "filed": [one for one in outcomes if one.url],
        "refused": refused,
        "questions": sorted({one.code for one in refused if one.question}),
        "may_confirm": actor.may(Permission.CONFIRM_DOUBTS),
        "floor_words": words.CLASSIFICATIONS[Classification(case.classification)],
    }
    status = 422 if refused or form.errors else 200
    return render(request, "docstore/documents/file.html", context, status=status)
