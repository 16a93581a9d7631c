"""What links a destroyed document with others ends whatever kind of link it is."""

import pytest

from docstore.documents.models import Document
from docstore.retention.pruning import prune_documents
from tests.courts import TwoCourts

pytestmark = pytest.mark.django_db


def test_links_end_and_what_they_led_to_stays(courts: TwoCourts) -> None:
    message, paper, inner = (courts.file("A page", title=title) for title in ("Message", "Paper", "Inner"))
    Document.objects.filter(pk=paper.pk).update(attached_to=message.versions.get())
    Document.objects.filter(pk=inner.pk).update(attached_to=paper.versions.get())
    paper.parties.add(courts.ann)
    prune_documents([paper.pk])
    paper.refresh_from_db()
    inner.refresh_from_db()
    assert (paper.attached_to_id, inner.attached_to_id, paper.title, paper.parties.count()) == (None, None, "", 0)
    message.refresh_from_db()
    assert message.title == "Message"
