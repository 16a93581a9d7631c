"""Transfers to archives: what is due for one, each with its package, and the archive's receipt."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.access.queries import names
from docstore.core.errors import NotFound, Refusal
from docstore.core.paging import page as rows_page
from docstore.retention import packaging, transfer_desk, transfers
from docstore.retention.titles import named
from docstore.retention.transfer_models import Transfer, TransferStatus
from docstore.retention.vocabulary import Record, RecordKind
from docstore.web import exports, words
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.records import ReasonForm
from docstore.web.forms.transfers import ReceiptForm, TransferForm
from docstore.web.views.door import page, see_other
from docstore.web.views.records import places

AT_ONCE = 50
COLUMNS = ("transfer", "archive", "stands", "files", "bytes", "made", "sent", "confirmed", "receipt")
STATUSES = {
    TransferStatus.PREPARING: gettext_lazy("Being packaged"),
    TransferStatus.PACKAGED: gettext_lazy("Ready to be sent"),
    TransferStatus.SENT: gettext_lazy("Waits for the receipt"),
    TransferStatus.CONFIRMED: gettext_lazy("Confirmed"),
    TransferStatus.CANCELLED: gettext_lazy("Taken back"),
}


@page("GET")
def list_transfers(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Every transfer, and the records for which one is due."""
    rows = transfers.transfers_of(actor)
    if sent := exports.asked(request, actor, "transfers", COLUMNS, lambda: map(_line, rows)):
        return sent
    found = rows_page(rows, keys=("-made_at", "id"), cursor=request.GET.get("cursor"), limit=AT_ONCE)
    context = {
        "rows": [{"row": one, "url": _url(one), "status": _status(one)} for one in found.rows],
        "due": _records(actor, transfer_desk.candidates(actor)),
        "next_url": f"?cursor={found.next}" if found.next else "",
        "may": actor.may(Permission.CONFIRM_TRANSFERS),
        "files": exports.links(request),
        "places": places("transfers"),
    }
    return render(request, "docstore/records/transfers.html", context)


@page("GET", "POST")
def begin_transfer(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Choose an archive for the records that were ticked, and how they are closed there."""
    actor.require(Permission.CONFIRM_TRANSFERS)
    given = request.POST if request.method == "POST" else request.GET
    chosen = transfer_desk.chosen(given.getlist("record"))
    form = TransferForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = transfers.prepare(by=actor, records=chosen, told=form.told())
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("It is being packaged. Every file is checked first."))
            return see_other(_url(made))
    context = {
        "form": form,
        "chosen": _records(actor, transfer_desk.seen(actor, chosen)),
        "back": reverse("records-transfers"),
        "places": places("transfers"),
    }
    return render(request, "docstore/records/transfer-new.html", context, status=422 if form.errors else 200)


@page("GET")
def show_transfer(request: HttpRequest, actor: Actor, *, transfer_id: UUID) -> HttpResponseBase:
    """One transfer: what is in it, its package, and what comes next."""
    return _show(request, actor, transfers.transfer_seen(actor, transfer_id))


@page("POST")
def act_on_transfer(request: HttpRequest, actor: Actor, *, transfer_id: UUID, act: str) -> HttpResponseBase:
    """Send it, take the receipt in, take it back, or put the copies here on a list once more."""
    made = transfers.transfer_seen(actor, transfer_id)
    form = _form(act, request)
    if not form.is_valid():
        return _show(request, actor, made, **{act: form})
    try:
        _carry_out(actor, transfer_id, act, form.cleaned_data)
    except Refusal as refusal:
        form.take(refusal)
        return _show(request, actor, made, **{act: form})
    messages.success(request, _("Done. It is written down."))
    return see_other(_url(made))


@page("GET")
def send_package(request: HttpRequest, actor: Actor, *, transfer_id: UUID) -> HttpResponseBase:
    """The package, for the archive. Whoever may send records to an archive takes it out of the house."""
    actor.require(Permission.CONFIRM_TRANSFERS)
    made = packaging.hand_out(by=actor, transfer_id=transfer_id)
    response = StreamingHttpResponse(packaging.copy_package(made), content_type=packaging.MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{made.number}.zip"'
    response["Content-Length"] = str(made.bytes)
    return response


def _show(request: HttpRequest, actor: Actor, made: Transfer, **forms: RefusableForm) -> HttpResponseBase:
    people = names({one for one in (made.made_by, made.sent_by, made.confirmed_by) if one})
    context: dict[str, Any] = {
        "made": made,
        "status": _status(made),
        "records": _records(actor, [one.record for one in made.items.all()]),
        "made_by": people.get(made.made_by, "Docstore") if made.made_by else "Docstore",
        "sent_by": people.get(made.sent_by, "") if made.sent_by else "",
        "confirmed_by": people.get(made.confirmed_by, "") if made.confirmed_by else "",
        "receipt": forms.get("receipt") or ReceiptForm(None),
        "cancel": forms.get("cancel") or ReasonForm(None, prefix="back"),
        "wrong": next(iter(forms.values()), None),
        "may": actor.may(Permission.CONFIRM_TRANSFERS),
        "lists": transfer_desk.lists_after(actor, made),
        "places": places("transfers"),
    }
    return render(request, "docstore/records/transfer.html", context, status=422 if forms else 200)


def _form(act: str, request: HttpRequest) -> RefusableForm:
    match act:
        case "receipt":
            return ReceiptForm(request.POST, request.FILES)
        case "cancel":
            return ReasonForm(request.POST, prefix="back")
        case "send" | "list":
            return RefusableForm(request.POST)
        case _:
            raise NotFound


def _carry_out(by: Actor, transfer_id: UUID, act: str, given: dict[str, Any]) -> None:
    match act:
        case "send":
            transfers.send(by=by, transfer_id=transfer_id)
        case "receipt":
            told = {name: given[name] for name in ("receipt", "reference", "checksums")}
            transfers.confirm(by=by, transfer_id=transfer_id, **told)
        case "cancel":
            transfers.cancel(by=by, transfer_id=transfer_id, reason=given["reason"])
        case _:
            transfers.list_copies(by=by, transfer_id=transfer_id)


def _records(actor: Actor, records: list[Record]) -> list[dict[str, Any]]:
    found = named(actor, records)
    return [
        {
            "key": f"{one.kind}:{one.id}",
            "url": reverse(f"{one.kind}-retention", kwargs={f"{one.kind}_id": one.id}),
            "number": words.main_reference(found[one].case) if found[one].case else _("Record"),  # type: ignore[arg-type]
            "title": found[one].title or (_("A case") if one.kind is RecordKind.CASE else _("A document")),
        }
        for one in records
    ]


def _line(made: Transfer) -> list[str]:
    days = [one.isoformat() if one else "" for one in (made.made_at, made.sent_at, made.confirmed_at)]
    return [made.number, made.archive, made.status, str(made.files), str(made.bytes), *days, made.receipt]


def _status(made: Transfer) -> str:
    return str(STATUSES[TransferStatus(made.status)])


def _url(made: Transfer) -> str:
    return reverse("records-transfer", kwargs={"transfer_id": made.pk})
