"""Correcting on the pages: amend, move, show elsewhere, split; conflicts told; who opened a misfiled paper."""

import re
import uuid

import pytest
from django.urls import reverse

from docstore.cases import actions as cases
from docstore.cases.models import Case, Reference, ReferenceKind, Side
from docstore.core import clock
from docstore.documents.models import Document
from tests.courts import TwoCourts
from tests.web.test_pages import signed_in


def act_url(document: Document, act: str) -> str:
    return reverse("document-act", kwargs={"document_id": document.pk, "act": act})


def elsewhere(courts: TwoCourts) -> Case:
    case = courts.open_case(case_type="crime-magistrates")
    Reference.objects.create(case=case, kind=ReferenceKind.URN, value="45MC7654321")
    return case


AMENDED = {
    "title": "A better title",
    "type": "statement",
    "dated_on": "3 6 2026",
    "language": "en",
    "reason": "Mistyped",
}


@pytest.mark.requirement("DOM-3.5")
def test_when_two_change_the_same_the_second_is_told_what_and_who_and_loses_nothing(courts: TwoCourts) -> None:
    document = courts.file("text", title="Statement")
    page, first, second = act_url(document, "amend"), signed_in(courts, "clerk"), signed_in(courts, "adviser")
    seen = document.etag

    assert first.post(page, AMENDED | {"seen": seen}).status_code == 303
    answer = second.post(page, AMENDED | {"seen": seen, "title": "Another title"})
    said = answer.content.decode()

    assert answer.status_code == 412
    assert "Somebody else changed this while you were writing" in said
    assert "Changed what is said of the document, Clerk" in said
    assert "A better title" in said
    assert 'value="Another title"' in said
    document.refresh_from_db()
    assert document.title == "A better title"
    again = re.search(r'name="seen" value="([^"]*)"', said)
    assert again is not None
    fresh = again[1].replace("&quot;", '"')
    assert second.post(page, AMENDED | {"seen": fresh, "title": "Another title"}).status_code == 303
    document.refresh_from_db()
    assert (document.title, str(document.dated_on)) == ("Another title", "2026-06-03")


def test_what_was_typed_stays_where_a_save_fails(courts: TwoCourts) -> None:
    document = courts.file("text")
    given = AMENDED | {"seen": document.etag, "dated_on": "soon"}

    answer = signed_in(courts, "clerk").post(act_url(document, "amend"), given)

    assert answer.status_code == 422
    assert all(f'value="{text}"' in answer.content.decode() for text in ("A better title", "soon"))


@pytest.mark.requirement("DOM-2.7")
def test_a_misfiled_paper_is_moved_with_a_stub_and_a_list_of_who_opened_it(courts: TwoCourts) -> None:
    document, right = courts.file("text", title="Misfiled letter"), elsewhere(courts)
    usher, clerk = signed_in(courts, "usher"), signed_in(courts, "clerk")
    usher.get(f"/documents/{document.pk}/")
    page = act_url(document, "move")
    given = {"reference": "45 MC 7654321", "reason": "Belongs to another case", "seen": document.etag}

    asked = clerk.post(page, given)
    assert asked.status_code == 422
    assert right.title in asked.content.decode()
    assert clerk.post(page, given | {"section": "exhibits"}).status_code == 303

    assert document.filings.get(ended_at__isnull=True).case_id == right.pk
    stub = document.filings.get(ended_at__isnull=False)
    old = clerk.get(reverse("case", kwargs={"case_id": courts.case.pk})).content.decode()
    assert "was moved: Belongs to another case" in old
    told = clerk.get(reverse("moved", kwargs={"case_id": courts.case.pk, "filing_id": stub.pk})).content.decode()
    assert "Usher" in told
    assert "Misfiled letter" not in old
    address = reverse("moved", kwargs={"case_id": courts.case.pk, "filing_id": stub.pk})
    assert usher.get(address).status_code == 404
    assert clerk.get(reverse("moved", kwargs={"case_id": right.pk, "filing_id": stub.pk})).status_code == 404
    assert clerk.get(reverse("moved", kwargs={"case_id": right.pk, "filing_id": uuid.uuid4()})).status_code == 404


def test_a_paper_is_shown_on_another_case_without_a_copy(courts: TwoCourts) -> None:
    document, other = courts.file("text"), elsewhere(courts)
    given = {"reference": "45MC7654321", "section": "statements", "reason": "Both need it", "seen": document.etag}

    assert signed_in(courts, "clerk").post(act_url(document, "show"), given).status_code == 303

    assert {one.case_id for one in document.filings.filter(ended_at__isnull=True)} == {courts.case.pk, other.pk}
    assert document.versions.count() == 1


@pytest.mark.requirement("DOM-8.9")
def test_who_opened_a_paper_is_listed_for_recalling_it(courts: TwoCourts) -> None:
    document = courts.file("text")
    signed_in(courts, "judge").get(f"/documents/{document.pk}/")
    clerk = signed_in(courts, "clerk")

    said = clerk.get(reverse("readers", kwargs={"document_id": document.pk})).content.decode()

    assert "Judge" in said
    assert act_url(document, "withdraw") in said
    given = {"reason": "Filed by mistake", "seen": document.etag}
    assert clerk.post(act_url(document, "withdraw"), given).status_code == 303
    assert signed_in(courts, "judge").get(f"/documents/{document.pk}/").status_code in (200, 404)
    assert signed_in(courts, "usher").get(f"/documents/{document.pk}/").status_code == 404


@pytest.mark.requirement("DOM-2.2")
def test_a_paper_is_put_down_for_a_party_a_hearing_and_the_application_that_it_belongs_to(courts: TwoCourts) -> None:
    clerk, case = courts.actor("clerk"), courts.case
    hearing = cases.list_hearing(
        by=clerk, case_id=case.pk, room="Courtroom 1", starts_at=clock.now(), kind="Application for special measures"
    )
    elsewhere_heard = cases.list_hearing(
        by=clerk, case_id=elsewhere(courts).pk, room="Courtroom 2", starts_at=clock.now(), kind="Another"
    )
    application = courts.file("we apply", section="applications", title="Special measures for Witness A")
    paper, client = courts.file("we reply", title="Reply"), signed_in(courts, "clerk")
    said = AMENDED | {"seen": paper.etag, "title": "Reply", "parties": str(courts.ann.pk)}

    refused = client.post(act_url(paper, "amend"), said | {"hearings": str(elsewhere_heard.pk)})
    assert refused.status_code == 422
    answer = client.post(
        act_url(paper, "amend"), said | {"hearings": str(hearing.pk), "application": str(application.pk)}
    )
    assert answer.status_code == 303
    shown = signed_in(courts, "judge").get(reverse("document", kwargs={"document_id": paper.pk})).content.decode()
    assert "Ann Ash" in shown
    assert "Application for special measures, Today" in shown
    assert "Special measures for Witness A" in shown
    assert courts.ann.representative == ""
    party = cases.add_party(
        by=clerk, case_id=case.pk, name="Cy Doe", role="Defendant", side=Side.DEFENCE, representative="Pike and Co"
    )
    assert (party.role, party.representative) == ("Defendant", "Pike and Co")


def test_several_papers_are_withdrawn_at_once_after_a_page_that_names_them(courts: TwoCourts) -> None:
    papers = [courts.file(f"text {at}", title=f"Paper {at}") for at in range(3)]
    client, url = signed_in(courts, "clerk"), reverse("several", kwargs={"case_id": courts.case.pk})
    section = f"{reverse('case', kwargs={'case_id': courts.case.pk})}?section=statements"
    assert client.get(section).content.decode().count('name="document" type="checkbox"') == 3
    assert "checkbox" not in signed_in(courts, "usher").get(section).content.decode()

    nothing = client.get(client.post(url, {"act": "withdraw", "section": "statements"})["Location"])
    assert "Tick at least one document" in nothing.content.decode()
    ticked = {"act": "withdraw", "section": "statements", "document": [str(one.pk) for one in papers[:2]]}
    asked = client.post(url, ticked).content.decode()
    assert "2 documents" in asked
    assert "Paper 2" not in asked
    assert not Document.objects.filter(withdrawn_at__isnull=False).exists()

    seen = {f"seen-{one.pk}": one.etag for one in papers[:2]}
    assert client.post(url, ticked | seen | {"confirmed": "yes"}).status_code == 422  # the reason is missing
    seen[f"seen-{papers[1].pk}"] = '"0"'  # somebody else has changed this one meanwhile
    done = client.get(client.post(url, ticked | seen | {"confirmed": "yes", "reason": "Filed twice"})["Location"])
    assert "Done for 1 document." in done.content.decode()
    assert "Not done for “Paper 1”" in done.content.decode()
    assert [one.title for one in Document.objects.filter(withdrawn_at__isnull=False)] == ["Paper 0"]
    assert signed_in(courts, "usher").post(url, ticked | seen | {"confirmed": "yes", "reason": "No"}).status_code == 403
