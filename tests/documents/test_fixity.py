"""Stored bytes are hashed again in turn, and what differs is told to those who can act (DOM-3.4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.test import Client

from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.core import clock
from docstore.documents import fixity
from docstore.documents.erasure import eraser
from docstore.documents.fixity import Fault
from docstore.documents.models import Document, Version
from docstore.documents.vault import vault
from docstore.management.doctor import LOOKS
from tests.courts import TwoCourts
from workers import schedule, upkeep


def replace(document: Document, content: bytes | None) -> bytes:
    """Put other bytes where a document's lie, or none; return those that lay there."""
    key = document.versions.get().key
    before = b"".join(vault().read(key))
    eraser().remove(eraser().survey(key))  # a delete without a version would leave it behind
    if content is not None:
        storages["vault"].save(key, ContentFile(content))
    return before


def told(document: Document) -> list[str]:
    kinds = (Event.VERSION_DAMAGED, Event.VERSION_WHOLE_AGAIN)
    rows = AuditEvent.objects.filter(document=str(document.pk), type__in=kinds)
    return list(rows.order_by("pk").values_list("type", flat=True))


@pytest.mark.requirement("DOM-3.4")
def test_what_is_missing_or_changed_is_told_on_every_page_on_its_own_and_by_the_doctor_until_it_is_mended(
    courts: TwoCourts, client: Client
) -> None:
    whole, changed, lost = (courts.file(word, title=word) for word in ("whole", "changed", "lost"))
    client.force_login(courts.people["records"])
    assert upkeep.check_fixity() == 0
    assert "missing or changed. Look under" not in client.get("/records/").content.decode()

    genuine = replace(changed, b"a word was turned")
    replace(lost, None)
    Version.objects.update(fixity_at=clock.now() - fixity.WITHIN - timedelta(days=1))
    assert upkeep.check_fixity() == 2

    assert dict(fixity.faults().values_list("document__title", "fixity_fault")) == {
        "changed": Fault.CHANGED,
        "lost": Fault.MISSING,
    }
    client.force_login(courts.people["records"])
    assert "The stored bytes of 2 papers are missing or changed" in client.get("/help/").content.decode()
    listed = client.get("/records/stored/").content.decode()
    assert "Nothing lies where its bytes should be." in listed
    assert "Its bytes are not those that were filed." in listed
    assert [one.well for one in LOOKS["fixity"]("fixity")] == [False]
    assert (told(whole), told(changed), told(lost)) == ([], [Event.VERSION_DAMAGED], [Event.VERSION_DAMAGED])

    replace(changed, genuine)
    with pytest.raises(CommandError, match="1 versions are missing or changed"):
        call_command("check_fixity")
    assert told(changed) == [Event.VERSION_DAMAGED, Event.VERSION_WHOLE_AGAIN]
    assert told(lost) == [Event.VERSION_DAMAGED]
    assert "workers.upkeep.check_fixity" in {one["task"] for one in schedule.SCHEDULE.values()}


def test_the_longest_unchecked_comes_first_and_the_rest_when_there_is_room(courts: TwoCourts, settings: Any) -> None:
    papers = [courts.file(word) for word in ("one", "two", "three")]
    before = clock.now() - fixity.WITHIN
    for days, paper in zip((1, 3, 2), papers, strict=True):
        Version.objects.filter(document=paper).update(fixity_at=before - timedelta(days=days))
    settings.DOCSTORE = settings.DOCSTORE | {"FIXITY_DAY_BYTES": fixity.ROUNDS_A_DAY}  # a byte a round

    seen = []
    for _ in range(3):
        fixity.check_due()
        seen.append(
            Version.objects.filter(fixity_at__gt=before).order_by("-fixity_at").values_list("document", flat=True)[0]
        )

    assert seen == [papers[1].pk, papers[2].pk, papers[0].pk]
    assert fixity.coverage().checked == 3
