"""Webhooks: who is told what happens to batches, what could not be delivered, and sending it again."""

from datetime import datetime, time
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.core import clock
from docstore.core.errors import Refusal
from docstore.intake import webhooks
from docstore.intake.subscriptions import Webhook
from docstore.web import dates, intakeshown
from docstore.web.forms.webhooks import ChangeWebhookForm, WebhookForm
from docstore.web.views.door import page, see_other

MOST_SHOWN = 200


@page("GET", "POST")
def list_webhooks(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """All webhooks with their dead letters counted, and a form to add one; its secret is shown this once."""
    actor.require(Permission.MANAGE_STATIONS)
    courts = access.courts()
    form = WebhookForm(request.POST if request.method == "POST" else None, courts=courts)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        court = next(one for one in courts if one.code == given["court"])
        try:
            made, secret = webhooks.add_webhook(by=actor, court=court, name=given["name"], url=given["url"])
        except Refusal as refusal:
            form.take(refusal)
        else:
            return _secret_page(request, actor, made, secret)
    rows = [
        {"webhook": one, "url": _url(one), "dead": webhooks.dead_letters(one).count()}
        for one in webhooks.webhooks(actor)
    ]
    context = {"places": intakeshown.navigation(actor, "webhooks"), "rows": rows, "form": form}
    return render(request, "docstore/intake/webhooks.html", context, status=422 if form.errors else 200)


@page("GET", "POST")
def show_webhook(request: HttpRequest, actor: Actor, *, webhook_id: UUID) -> HttpResponseBase:
    """One webhook: its dead letters, and forms to change it, to replay events and to give it another secret."""
    webhook = webhooks.get_webhook(actor, webhook_id)
    form = ChangeWebhookForm(request.POST if request.method == "POST" else None, webhook=webhook)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            webhooks.change_webhook(
                by=actor, webhook_id=webhook_id, name=given["name"], url=given["url"], is_enabled=given["is_enabled"]
            )
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The webhook is changed."))
            return see_other(_url(webhook))
    dead = [
        {"delivery": one, "said": intakeshown.event_words(one.event)}
        for one in webhooks.dead_letters(webhook)[:MOST_SHOWN]
    ]
    context = {"places": intakeshown.navigation(actor, "webhooks"), "webhook": webhook, "form": form, "dead": dead}
    return render(request, "docstore/intake/webhook.html", context, status=422 if form.errors else 200)


@page("POST")
def send_again(request: HttpRequest, actor: Actor, *, webhook_id: UUID, delivery_id: UUID) -> HttpResponseBase:
    """Try a dead letter once more."""
    webhook = webhooks.get_webhook(actor, webhook_id)
    webhooks.send_again(by=actor, delivery_id=delivery_id)
    messages.success(request, _("It is being sent again."))
    return see_other(_url(webhook))


@page("POST")
def replay(request: HttpRequest, actor: Actor, *, webhook_id: UUID) -> HttpResponseBase:
    """Send all events since a day once more."""
    webhook = webhooks.get_webhook(actor, webhook_id)
    day = dates.parse_iso(request.POST.get("since", "")) or dates.parse_day(request.POST.get("since", ""))
    if day is None:
        messages.error(request, _("Give the day to begin with, like 24 11 2026."))
        return see_other(_url(webhook))
    since = datetime.combine(day, time(), clock.COURT_ZONE)
    count = webhooks.replay(by=actor, webhook_id=webhook_id, since=since)
    messages.success(request, _("%(count)d events are sent again, each under its own id.") % {"count": count})
    return see_other(_url(webhook))


@page("POST")
def renew_secret(request: HttpRequest, actor: Actor, *, webhook_id: UUID) -> HttpResponseBase:
    """Another secret, shown this once."""
    webhook = webhooks.get_webhook(actor, webhook_id)
    return _secret_page(request, actor, webhook, webhooks.renew_secret(by=actor, webhook_id=webhook_id))


def _secret_page(request: HttpRequest, actor: Actor, webhook: Webhook, secret: str) -> HttpResponseBase:
    context = {"places": intakeshown.navigation(actor, "webhooks"), "webhook": webhook, "secret": secret}
    return render(request, "docstore/intake/secret.html", {**context, "url": _url(webhook)})


def _url(webhook: Webhook) -> str:
    return reverse("webhook", kwargs={"webhook_id": webhook.pk})
