"""Telling other systems what happens to batches, in the Standard Webhooks form (DOM-1.22, DOM-13.3).

The feed of events is the outbox: each event becomes a delivery for every webhook of its court, in the order of the feed,
and stays one until the other side has taken it or a person has. Sending happens outside any transaction; a crash between
sending and writing that down sends once more, with the same id, as the form allows.
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac

from docstore.access.actor import Actor
from docstore.access.models import Court
from docstore.access.permissions import Permission
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.core import clock, outbound, signing
from docstore.core.errors import NotFound, Refusal
from docstore.intake.feed import locked
from docstore.intake.models import IntakeEvent, Station
from docstore.intake.subscriptions import Delivery, DeliveryState, Webhook, WebhookPlace

# Seconds before the second, third … attempt; after the last one a delivery is a dead letter.
WAITS = (5, 60, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600)
LEASE_SECONDS = 60
MOST_AT_ONCE = 50
SALT = "docstore.intake.webhooks"
STREAM = "security"


@transaction.atomic
def add_webhook(*, by: Actor, court: Court, name: str, url: str) -> tuple[Webhook, str]:
    """Tell an address what happens at a court from now on; return it and its secret, which is shown this once."""
    by.require(Permission.MANAGE_STATIONS)
    outbound.check_target(url)
    webhook = Webhook.objects.create(court=court, name=name, url=url, created_at=clock.now())
    WebhookPlace.objects.bulk_create(
        WebhookPlace(webhook=webhook, station=one, number=one.happenings) for one in Station.objects.filter(court=court)
    )
    _record(Event.WEBHOOK_ADDED, by, webhook)
    return webhook, secret_of(webhook)


@transaction.atomic
def change_webhook(*, by: Actor, webhook_id: UUID, name: str, url: str, is_enabled: bool) -> Webhook:
    """Rename it, move it to another allowed address, or switch it off or on."""
    webhook = get_webhook(by, webhook_id)
    outbound.check_target(url)
    webhook.name, webhook.url, webhook.is_enabled = name, url, is_enabled
    webhook.save(update_fields=["name", "url", "is_enabled"])
    _record(Event.WEBHOOK_CHANGED, by, webhook)
    return webhook


@transaction.atomic
def renew_secret(*, by: Actor, webhook_id: UUID) -> str:
    """Give a webhook another secret and return it; the old one signs nothing any more."""
    webhook = get_webhook(by, webhook_id)
    webhook.generation += 1
    webhook.save(update_fields=["generation"])
    _record(Event.WEBHOOK_CHANGED, by, webhook)
    return secret_of(webhook)


@transaction.atomic
def replay(*, by: Actor, webhook_id: UUID, since: datetime) -> int:
    """Send all events since then once more, under their own ids; return how many."""
    webhook = get_webhook(by, webhook_id)
    events = IntakeEvent.objects.filter(station__court=webhook.court_id, at__gte=since).order_by("at", "number")
    for event in events:
        Delivery.objects.update_or_create(
            webhook=webhook, event=event, defaults={"state": DeliveryState.WAITING, "attempts": 0, "next_seconds": 0}
        )
    _record(Event.WEBHOOK_REPLAYED, by, webhook)
    return events.count()


@transaction.atomic
def send_again(*, by: Actor, delivery_id: UUID) -> Delivery:
    """Try a dead letter once more from the beginning."""
    by.require(Permission.MANAGE_STATIONS)
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id, state=DeliveryState.DEAD).first()
    if delivery is None:
        raise NotFound
    delivery.state, delivery.attempts, delivery.next_seconds = DeliveryState.WAITING, 0, 0
    delivery.save(update_fields=["state", "attempts", "next_seconds"])
    _record(Event.WEBHOOK_REPLAYED, by, delivery.webhook)
    return delivery


def webhooks(by: Actor) -> QuerySet[Webhook]:
    """Return the webhooks, for those who manage them."""
    return Webhook.objects.select_related("court") if by.may(Permission.MANAGE_STATIONS) else Webhook.objects.none()


def get_webhook(by: Actor, webhook_id: UUID) -> Webhook:
    """Return one; raise Forbidden or NotFound."""
    by.require(Permission.MANAGE_STATIONS)
    found = webhooks(by).filter(pk=webhook_id).first()
    if found is None:
        raise NotFound
    return found


def dead_letters(webhook: Webhook) -> QuerySet[Delivery]:
    """Return what could not be delivered, the oldest first."""
    return webhook.deliveries.filter(state=DeliveryState.DEAD).select_related("event__batch").order_by("event__at")


def send_due() -> int:
    """Make one round: write new deliveries down, then send what is due; return how many were sent."""
    for webhook in Webhook.objects.filter(is_enabled=True):
        _write_down(webhook)
    due = Delivery.objects.filter(
        state=DeliveryState.WAITING, next_seconds__lte=clock.seconds(), webhook__is_enabled=True
    )
    ids = list(due.order_by("event__at", "event__number").values_list("pk", flat=True)[:MOST_AT_ONCE])
    return sum(_send(one) for one in ids)


def _write_down(webhook: Webhook) -> None:
    for station_id in Station.objects.filter(court=webhook.court_id).values_list("pk", flat=True):
        with transaction.atomic():
            station = locked(station_id)
            place, _ = WebhookPlace.objects.get_or_create(webhook=webhook, station=station)
            events = IntakeEvent.objects.filter(station=station, number__gt=place.number).order_by("number")
            fresh = [Delivery(webhook=webhook, event=one) for one in events[:500]]
            if fresh:
                Delivery.objects.bulk_create(fresh, ignore_conflicts=True)
                place.number = fresh[-1].event.number
                place.save(update_fields=["number"])


def _send(delivery_id: UUID) -> int:
    """Take one delivery for ourselves, send it, and write down how it went."""
    now = clock.seconds()
    mine = Delivery.objects.filter(pk=delivery_id, state=DeliveryState.WAITING, next_seconds__lte=now)
    if not mine.update(next_seconds=now + LEASE_SECONDS, attempts=F("attempts") + 1):
        return 0
    delivery = Delivery.objects.select_related("webhook", "event__station", "event__batch").get(pk=delivery_id)
    body = json.dumps(payload(delivery.event), separators=(",", ":")).encode()
    try:
        answer = outbound.post(delivery.webhook.url, body, headers(delivery, body, at=int(now)))
    except Refusal as refusal:
        _wait_longer(delivery, refusal.sentence)
        return 0
    if 200 <= answer.status < 300:
        Delivery.objects.filter(pk=delivery_id).update(
            state=DeliveryState.DELIVERED, said=str(answer.status), settled_at=clock.now()
        )
        return 1
    _wait_longer(delivery, f"It answered {answer.status}.")
    return 0


def _wait_longer(delivery: Delivery, said: str) -> None:
    """Try again later, at growing distances; after the last attempt it is a dead letter."""
    rows = Delivery.objects.filter(pk=delivery.pk)
    if delivery.attempts > len(WAITS):
        rows.update(state=DeliveryState.DEAD, said=said[:300], settled_at=clock.now())
    else:
        rows.update(next_seconds=clock.seconds() + WAITS[delivery.attempts - 1], said=said[:300])


def payload(event: IntakeEvent) -> dict[str, object]:
    """An event as the feed tells it, in the envelope of Standard Webhooks. No names, no text of papers."""
    return {
        "type": event.happening,
        "timestamp": event.at.isoformat(),
        "data": {
            "id": str(event.pk),
            "number": event.number,
            "station": str(event.station_id),
            "batch": str(event.batch_id) if event.batch_id else None,
            "external_id": event.batch.external_id if event.batch else None,
            "item": event.seq,
            "detail": event.detail,
        },
    }


def headers(delivery: Delivery, body: bytes, *, at: int) -> dict[str, str]:
    """Id, time and signatures: with the shared secret (v1), and with the court's own key (v1a), which JWKS publishes."""
    message_id = f"msg_{delivery.event_id}"
    signed = b"%s.%d.%s" % (message_id.encode(), at, body)
    shared = hmac.new(_key(delivery.webhook), signed, hashlib.sha256).digest()
    _, own = signing.sign_raw(signed)
    return {
        "Content-Type": "application/json",
        "User-Agent": "docstore-webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{_text(shared)} v1a,{_text(own)}",
    }


def secret_of(webhook: Webhook) -> str:
    """The secret as Standard Webhooks writes it. It follows from the installation's own secret; nothing is stored."""
    return f"whsec_{_text(_key(webhook))}"


def _key(webhook: Webhook) -> bytes:
    return salted_hmac(SALT, f"{webhook.pk}.{webhook.generation}", algorithm="sha256").digest()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _record(event: Event, by: Actor, webhook: Webhook) -> None:
    facts = {"webhook": str(webhook.pk), "url": webhook.url, "enabled": webhook.is_enabled}
    record(event, stamp=by.stamp, stream=STREAM, refs={"webhook": str(webhook.pk)}, facts=facts)
