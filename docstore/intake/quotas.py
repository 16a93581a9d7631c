"""How much one person or one station may send (SEC-18): bytes and files a day, and how many at the same time.

Against programs that run wild and accounts that were taken over; nobody who works meets these limits. What was counted is
what is there: nothing is written down for it.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, time
from typing import ClassVar

from django.db.models import Count, Sum

from docstore.access.actor import Actor
from docstore.core import clock, conf, locks
from docstore.core.errors import Refusal
from docstore.documents.models import Version
from docstore.intake.draft_models import Draft
from docstore.intake.models import Item, Station


class QuotaReached(Refusal):
    """This station has sent as much today as it may. What was taken is safe; go on tomorrow, or ask the station manager."""

    code = "quota-reached"
    status = 429
    retryable = True
    retry_after: ClassVar[int] = 3600


class DayIsFull(QuotaReached):
    """You have sent as much today as one person may. What was taken is safe; go on tomorrow, or ask an administrator."""


class TooManyAtOnce(Refusal):
    """{most} of your files are being taken at this moment, which is as many as may be. Send the others when they are done."""

    code = "too-many-uploads"
    status = 429
    retryable = True
    retry_after: ClassVar[int] = 5


def check_station(station: Station, size: int) -> None:
    """Raise QuotaReached where a station has sent too many bytes or items since midnight."""
    limits = conf.get().intake
    rows = Item.objects.filter(batch__station=station, received_at__gte=_midnight())
    sent = rows.aggregate(bytes=Sum("size", default=0), files=Count("pk"))
    if sent["bytes"] + size > limits.day_bytes or sent["files"] >= limits.day_items:
        raise QuotaReached


def check_person(by: Actor, size: int) -> None:
    """Raise DayIsFull where a person has filed or drafted too many bytes or files since midnight."""
    limits = conf.get().intake
    if by.user_id is None:
        return
    filed = Version.objects.filter(filed_by=by.user_id, filed_at__gte=_midnight())
    drafted = Draft.objects.filter(person=by.user_id, created_at__gte=_midnight())
    sent = [rows.aggregate(bytes=Sum("bytes", default=0), files=Count("pk")) for rows in (filed, drafted)]
    bytes_sent, files_sent = (sum(one[name] for one in sent) for name in ("bytes", "files"))
    if bytes_sent + size > limits.person_day_bytes or files_sent >= limits.person_day_files:
        raise DayIsFull


@contextmanager
def one_of_few(by: Actor) -> Iterator[None]:
    """Hold one of a person's few places for the block; raise TooManyAtOnce where all are taken."""
    most = conf.get().intake.person_parallel
    with ExitStack() as held:
        if by.user_id is not None:
            places = (held.enter_context(locks.tried(f"sending {by.user_id} {at}")) for at in range(most))
            if not any(places):
                raise TooManyAtOnce(most=most)
        yield


def _midnight() -> datetime:
    return datetime.combine(clock.today(), time.min, tzinfo=clock.COURT_ZONE)
