"""A superuser tries everything: each road is refused, and each attempt stands in the audit (RET-E10, RET-S11)."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from docstore.access import actions as access
from docstore.access.actor import system
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.cases.models import Case
from docstore.documents.models import Document, Version
from docstore.retention import attempts, decisions, lists
from docstore.retention.decisions import Said
from docstore.retention.disposal_models import Decision
from docstore.retention.models import DisposalClass
from tests.retention.disposing import Disposal
from tests.retention.test_storage_holds import place
from tests.retention.world import of_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


def attempted(kind: Event) -> int:
    return AuditEvent.objects.filter(type=kind).count()


def raw(statement: str) -> None:
    """As in a management shell, by whoever has the application's own connection."""
    before = attempted(Event.STATEMENT_REFUSED)
    with (
        pytest.raises(DatabaseError, match="|".join(attempts.SAID)),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert attempted(Event.STATEMENT_REFUSED) == before + 1, statement


def tried(status: int, client: Client, method: str, at: str, **form: object) -> None:
    """Try by page, API or admin; it is refused so, and written down."""
    before = attempted(Event.ACCESS_DENIED)
    sent = {"data": form, "content_type": "application/json"} if at.startswith("/api/") else {"data": form}
    response: Any = getattr(client, method)(at, **sent)
    assert (at, response.status_code) == (at, status)
    assert attempted(Event.ACCESS_DENIED) == before + 1, at


@pytest.mark.requirement("RET-E10", "RET-S11")
def test_a_superuser_is_refused_on_every_road_and_every_attempt_is_in_the_audit(disposal: Disposal) -> None:
    world = disposal.world
    case, paper = disposal.case()
    place(world, case)
    boss = world.courts.people["rm1"]  # with every right of a records manager, besides
    boss.is_superuser = boss.is_staff = True
    boss.save()
    pages = Client()
    pages.force_login(boss)
    key = access.issue_key(by=system("tests"), person=boss, label="test")
    machine = Client(headers={"Authorization": f"Bearer {key}"})

    # A held record (RET-E10): API, admin, page, bulk, shell, raw SQL.
    tried(405, machine, "delete", f"/api/v1/documents/{paper.pk}")
    tried(405, machine, "delete", f"/api/v1/cases/{case.pk}")
    tried(
        423,
        machine,
        "post",
        "/api/v1/off-schedule",
        kind="document",
        record=str(paper.pk),
        ground="court_order",
        reason="x",
    )
    tried(403, pages, "post", f"/admin/docstore/user/{boss.pk}/delete/", post="yes")
    tried(404, pages, "post", reverse("document-act", kwargs={"document_id": paper.pk, "act": "withdraw"}), reason="x")
    with pytest.raises(DatabaseError, match="a hold is in force"):
        Document.objects.filter(pk=paper.pk).delete()
    with pytest.raises(DatabaseError, match="a hold is in force"), transaction.atomic():
        Version.objects.filter(document=paper).update(key="elsewhere")
    assert attempted(Event.STATEMENT_REFUSED) == 2
    raw(f"DELETE FROM docstore_version WHERE document_id = '{paper.pk}'")
    raw(f"DELETE FROM docstore_filing WHERE document_id = '{paper.pk}'")
    raw("TRUNCATE docstore_document CASCADE")
    raw("DELETE FROM docstore_hold")

    _try_the_regulatory_class(disposal, machine)
    _try_the_audit(machine, paper)
    _try_to_approve_an_own_list(disposal, machine)
    assert Case.objects.filter(pk=case.pk).exists()


def _try_the_regulatory_class(disposal: Disposal, machine: Client) -> None:
    """RET-A14."""
    kind = disposal.world.new_class(code="REG", regulatory=True)
    regulated = disposal.world.case(kind, closed_on=None)
    assign = {"class": disposal.kind.code, "reason": "x"}
    tried(409, machine, "post", f"/api/v1/cases/{regulated.pk}/retention", **assign)
    raw("DELETE FROM docstore_disposalclass WHERE code = 'REG'")
    raw("UPDATE docstore_disposalclass SET regulatory = FALSE WHERE code = 'REG'")
    raw("DELETE FROM docstore_assignment")
    raw("UPDATE docstore_disposalstep SET period = 'P1Y'")
    assert DisposalClass.objects.get(code="REG").regulatory


def _try_the_audit(machine: Client, paper: Document) -> None:
    """RET-L11."""
    tried(405, machine, "delete", f"/api/v1/documents/{paper.pk}/trail")
    for table in ("docstore_auditevent", "docstore_auditpayload"):
        raw(f"DELETE FROM {table}")
        raw(f"TRUNCATE {table} CASCADE")


def _try_to_approve_an_own_list(disposal: Disposal, machine: Client) -> None:
    """RET-F3."""
    other, _ = disposal.case()
    disposal.pass_days(8)
    own = disposal.make()
    assert of_case(other).id in {one.record for one in own.items.all()}
    said = Said(Decision.APPROVE, "Nobody needs it")
    decisions.decide(by=disposal.world.actor("rm1"), list_id=own.pk, said=said, filters={})
    lists.submit(by=disposal.world.actor("rm1"), list_id=own.pk)
    stage = {"stage": 1, "confirm": own.number}
    tried(403, machine, "post", f"/api/v1/disposal-lists/{own.pk}/approve", **stage)
