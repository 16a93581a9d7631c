"""Reporting wrong text: the words of a page beside its picture, to be set right by a person with a reason (DOM-4.12)."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.core.errors import Forbidden, NotFound, Refusal
from docstore.documents import corrections, delivery, queries
from docstore.documents.models import LayerSource, PageLayer, RenditionKind, Word
from docstore.markup.queries import turn_of
from docstore.web import pagetext
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.corrections import CorrectionForm, RevertForm
from docstore.web.opened import Opened, common, open_document
from docstore.web.pagepicture import PagePicture, picture
from docstore.web.views.door import page, see_other


@page("GET", "POST")
def correct_page(request: HttpRequest, actor: Actor, *, document_id: UUID, number: int) -> HttpResponseBase:
    """Show the words beside the picture; keep what the person makes of them, or take a correction back."""
    opened = open_document(actor, document_id)
    row = queries.page_in(opened.version, number)
    if not may_correct(opened):
        raise Forbidden
    given = request.POST if request.method == "POST" else None
    initial = {"seen": opened.document.etag, "text": row.text}
    is_revert = request.POST.get("do") == "revert"
    form = CorrectionForm(None if is_revert else given, initial=initial)
    revert = RevertForm(given if is_revert else None, initial=initial, auto_id="revert_%s")
    sent: RefusableForm = revert if is_revert else form
    if sent.is_valid() and _carried_out(actor, opened, number, sent):
        messages.success(
            request, _("The machine’s text is in use again.") if is_revert else _("The text is corrected.")
        )
        return see_other(reverse("page", kwargs={"document_id": document_id, "number": number}))
    delivery.record_page_view(by=actor, document=opened.document, page=number)
    context = {
        **common(opened),
        "page": row,
        "total": opened.pages,
        "picture": _picture(opened, number, turn_of(actor, document_id, number), row.words),
        "page_url": reverse("page", kwargs={"document_id": document_id, "number": number}),
        "form": form,
        "revert": revert if row.is_corrected else None,
        "sent": sent,
        "layers": [_layer(one) for one in corrections.layers_of(opened.scope, document_id, number)],
    }
    return render(request, "docstore/documents/correct.html", context, status=422 if sent.errors else 200)


def may_correct(opened: Opened) -> bool:
    """Whether to offer it; the room decides again when it is carried out."""
    return (
        opened.is_current
        and not opened.document.is_withdrawn
        and opened.scope.allows_on(opened.placed.filing.case, Permission.CORRECT_TEXT)
    )


def _carried_out(by: Actor, opened: Opened, number: int, form: RefusableForm) -> bool:
    what = {"by": by, "document_id": opened.document.pk, "page": number, **form.cleaned_data}
    try:
        corrections.correct_page(**what) if isinstance(form, CorrectionForm) else corrections.revert_page(**what)
    except NotFound:
        raise
    except Refusal as refusal:
        form.take(refusal)
        return False
    return True


def _picture(opened: Opened, number: int, quarters: int, words: Sequence[Word]) -> PagePicture | None:
    made = queries.pictures_of(opened.version, RenditionKind.PAGE_IMAGE, pages=(number,)).get(number)
    url = reverse("picture", kwargs={"document_id": opened.document.pk, "number": number})
    unclear = [word.box for word in words if word.confidence is not None and word.confidence < pagetext.UNCLEAR_BELOW]
    return picture(made, url, words=(), hits=(), unclear=unclear, quarters=quarters) if made else None


def _layer(row: PageLayer) -> dict[str, object]:
    sources = {LayerSource.NATIVE: _("What the file itself says"), LayerSource.OCR: _("What the machine read")}
    return {
        "name": sources.get(LayerSource(row.source), _("Correction")),
        "who": row.made_by.name if row.made_by else "",
        "at": row.made_at,
        "reason": row.reason,
        "ended": row.ended_at,
        "text": row.text,
    }
