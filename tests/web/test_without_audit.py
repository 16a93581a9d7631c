"""What is done is written down in the same transaction, or not done, and whoever asked is told (WIN-12, REL-48)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from docstore.access import actions as access
from docstore.access.actor import system
from docstore.access.models import RoleAssignment
from docstore.audit.models import AuditEvent
from docstore.core import clock
from docstore.documents.models import Document
from docstore.retention import holds, lists
from docstore.retention.disposal_models import DisposalList
from docstore.retention.hold_models import Hold
from docstore.retention.holds import HoldTold, Targets
from docstore.retention.vocabulary import HoldKind
from tests.api.client import Api
from tests.retention.disposing import Disposal

pytestmark = pytest.mark.django_db

Act = Callable[[Disposal, Document], object]


def page(who: str, name: str, query: str = "", *, of_paper: bool = False) -> Act:
    def act(disposal: Disposal, paper: Document) -> object:
        client = Client(raise_request_exception=False)
        client.force_login(disposal.world.courts.people[who])
        return client.get(reverse(name, kwargs={"document_id": paper.pk} if of_paper else {}) + query)

    return act


def find(disposal: Disposal, paper: Document) -> object:
    client = Client(raise_request_exception=False)
    client.force_login(disposal.world.courts.people["clerk"])
    sent = client.post(reverse("search"), {"query": "zanthoxylum"})
    return client.get(sent["Location"]) if "Location" in sent else sent


def download(disposal: Disposal, paper: Document) -> object:
    machine = Api(disposal.world.courts, "clerk")
    machine._client.raise_request_exception = False
    return machine.get(f"documents/{paper.pk}/content")


def grant(disposal: Disposal, paper: Document) -> object:
    courts = disposal.world.courts
    return access.grant_role(by=system("tests"), person=courts.people["rm2"], role="clerk", court=courts.first)


def hold(disposal: Disposal, paper: Document) -> object:
    review = clock.today() + timedelta(days=100)
    told = HoldTold(HoldKind.DOCUMENT, "Inquiry", "A test", "The tests", review, Targets(documents=(paper.pk,)))
    return holds.place_hold(by=disposal.world.actor("rm1"), told=told)


def list_due(disposal: Disposal, paper: Document) -> object:
    return lists.make_list(by=disposal.world.actor("rm1"), classes=[disposal.kind.code])


ACTS: dict[str, tuple[Act, str]] = {
    "view": (page("clerk", "document", of_paper=True), "document.viewed"),
    "search": (find, "search.performed"),
    "download": (download, "content.read"),
    "print": (page("clerk", "print-document", of_paper=True), "document.printed"),
    "export": (page("rm1", "records-list", "?show=all&format=csv"), "retention.exported"),
    "permission change": (grant, "role.granted"),
    "disposal": (list_due, "disposal_list.made"),
    "hold": (hold, "hold.placed"),
}


def no_audit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE docstore_auditpayload RENAME TO docstore_auditpayload_gone")


def is_told(answer: Any) -> bool:
    """Whether the answer says that nothing was done: a problem document, or a page in words."""
    if answer["Content-Type"].startswith("application/problem+json"):
        return bool(answer.json()["detail"])
    return b"Nothing was half done" in answer.content or b"What you sent was not taken" in answer.content


def rows() -> tuple[int, ...]:
    return tuple(one.objects.count() for one in (AuditEvent, RoleAssignment, Hold, DisposalList))


@pytest.mark.requirement("WIN-12", "REL-48")
def test_each_act_is_written_down_with_itself_or_does_not_happen(disposal: Disposal) -> None:
    _, paper = disposal.case("zanthoxylum in words")
    disposal.pass_days(8)
    for name, (act, event) in ACTS.items():
        before = AuditEvent.objects.filter(type=event).count()
        with transaction.atomic():
            no_audit()
            counted = rows()
            try:
                told: Any = act(disposal, paper)
            except DatabaseError:
                told = None  # an act without a page of its own: whoever calls it is told by their page or answer
            else:
                assert told.status_code >= 500, name
                assert b"zanthoxylum" not in told.content, name
                assert is_told(told), name
            assert rows() == counted, name
            transaction.set_rollback(True)
        done: Any = act(disposal, paper)
        assert getattr(done, "status_code", 200) == 200, name
        assert AuditEvent.objects.filter(type=event).count() == before + 1, name


@pytest.mark.requirement("REL-48")
def test_a_change_that_cannot_be_written_down_is_undone_and_page_and_answer_say_so(disposal: Disposal) -> None:
    courts = disposal.world.courts
    paper = courts.file("words")
    person, machine = Client(raise_request_exception=False), Api(courts, "clerk")
    person.force_login(courts.people["clerk"])
    machine._client.raise_request_exception = False
    no_audit()
    address = reverse("document-act", kwargs={"document_id": paper.pk, "act": "withdraw"})
    shown = person.post(address, {"reason": "A mistake", "seen": paper.etag})
    assert (shown.status_code >= 500, is_told(shown)) == (True, True)
    answered = machine.post(f"documents/{paper.pk}/withdraw", {"reason": "A mistake"}, If_Match=paper.etag)
    assert (answered.status_code >= 500, is_told(answered)) == (True, True)
    assert answered["Content-Type"].startswith("application/problem+json")
    paper.refresh_from_db()
    assert not paper.is_withdrawn
