"""Naming and barring people, previews, explanations, asking to be let in, leavers and the work board, as pages."""

import pytest
from django.test import Client
from django.urls import reverse

from docstore.audit.models import AuditEvent
from docstore.cases import actions as cases
from docstore.cases.models import Admission, Exclusion, Membership
from docstore.documents import actions as documents
from tests.courts import TwoCourts

WHY = "Sitting on the linked appeal tomorrow."


def signed_in(courts: TwoCourts, who: str) -> Client:
    client = Client()
    client.force_login(courts.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def case_url(courts: TwoCourts) -> str:
    return reverse("case-access", kwargs={"case_id": courts.case.pk})


@pytest.fixture(autouse=True)
def everybody(courts: TwoCourts) -> None:
    """These pages find people by the names that are typed."""
    courts.people.everybody()


def test_a_clerk_names_somebody_and_takes_them_off_again(courts: TwoCourts) -> None:
    client, url = signed_in(courts, "clerk"), case_url(courts)
    said = {"act": "add", "person": "Defence", "role": "defence", "side": "defence", "party": str(courts.ann.pk)}

    assert client.post(url, said).status_code == 303
    member = Membership.objects.get(case=courts.case, person=courts.people["defence"])
    assert member.party == courts.ann
    assert "Defence or party, for Ann Ash" in client.get(url).content.decode()

    assert client.post(url, {"act": "end", "id": str(member.pk), "reason": "Stood down"}).status_code == 303
    assert signed_in(courts, "defence").get(reverse("case", kwargs={"case_id": courts.case.pk})).status_code == 404


def test_an_unknown_person_is_said_beside_the_field_and_what_was_typed_stays(courts: TwoCourts) -> None:
    answer = signed_in(courts, "clerk").post(
        case_url(courts), {"act": "add", "person": "nobody", "role": "defence", "side": "defence"}
    )
    assert answer.status_code == 422
    assert "There is no person with the name nobody" in answer.content.decode()
    assert 'value="nobody"' in answer.content.decode()


@pytest.mark.requirement("DOM-9.6")
def test_a_bar_closes_the_case_at_once_and_is_lifted_with_a_reason(courts: TwoCourts) -> None:
    client, url = signed_in(courts, "clerk"), case_url(courts)
    page = reverse("case", kwargs={"case_id": courts.case.pk})
    assert client.post(url, {"act": "bar", "person": "usher", "reason": "Related to a witness"}).status_code == 303
    assert signed_in(courts, "usher").get(page).status_code == 404
    bar = Exclusion.objects.get()
    assert client.post(url, {"act": "lift", "id": str(bar.pk), "reason": "Witness withdrawn"}).status_code == 303
    assert signed_in(courts, "usher").get(page).status_code == 200


def test_a_judge_looks_but_names_nobody(courts: TwoCourts) -> None:
    client, url = signed_in(courts, "judge"), case_url(courts)
    assert "Name somebody on the case" not in client.get(url).content.decode()
    said = {"act": "add", "person": "defence", "role": "defence", "side": "defence"}
    assert client.post(url, said).status_code in (403, 422)
    assert not Membership.objects.filter(person=courts.people["defence"]).exists()


@pytest.mark.requirement("DOM-8.4")
def test_a_preview_shows_what_the_party_sees_and_counts_what_it_does_not(courts: TwoCourts) -> None:
    clerk = courts.actor("clerk")
    cases.add_member(by=clerk, case_id=courts.case.pk, person=courts.people["defence"], role="defence")
    courts.file("a", title="For all to read")
    courts.file("b", section="private", title="For the bench alone")
    own = courts.file("c", by="defence", section="defence", title="Our own statement")
    url = reverse("case-preview", kwargs={"case_id": courts.case.pk, "person_id": courts.people["defence"].pk})

    preview = signed_in(courts, "clerk").get(url).content.decode()
    theirs = signed_in(courts, "defence").get(reverse("case", kwargs={"case_id": courts.case.pk})).content.decode()

    for title in ("For all to read", "For the bench alone", own.title):
        assert (title in preview) == (title in theirs), title
    assert "2 documents." in preview
    assert "1 document that you may open is not there for them" in preview
    assert AuditEvent.objects.filter(type="access.previewed").count() == 1


def test_a_preview_of_a_role_and_of_somebody_outside(courts: TwoCourts) -> None:
    courts.file("b", section="private", title="For the bench alone")
    client = signed_in(courts, "clerk")
    role = client.get(reverse("case-preview-role", kwargs={"case_id": courts.case.pk, "role": "defence"}))
    assert "For the bench alone" not in role.content.decode()
    outside = client.get(
        reverse("case-preview", kwargs={"case_id": courts.case.pk, "person_id": courts.people["clerk2"].pk})
    )
    assert "the case does not exist" in outside.content.decode()
    nonsense = client.get(reverse("case-preview-role", kwargs={"case_id": courts.case.pk, "role": "station"}))
    assert nonsense.status_code == 422


@pytest.mark.requirement("DOM-9.11")
def test_the_explanation_names_each_rule_what_would_change_it_and_is_recorded(courts: TwoCourts) -> None:
    document = courts.file("secret", title="Statement of Witness A")
    documents.seal(by=courts.actor("clerk"), document_id=document.pk, seen=document.etag, reason="By order")
    client = signed_in(courts, "adviser")
    url = reverse("document-access", kwargs={"document_id": document.pk})

    sent = client.post(url, {"person": "Usher"})
    assert sent.status_code == 303
    assert "usher" not in sent["Location"].lower()  # names stay out of addresses
    said = client.get(sent["Location"]).content.decode()

    assert "Usher cannot open “Statement of Witness A”" in said
    assert said.count("ds-fail") == 1
    assert reverse("document-act", kwargs={"document_id": document.pk, "act": "unseal"}) in said
    assert AuditEvent.objects.filter(type="access.explained").count() == 1


def test_asking_deciding_and_ending_as_pages(courts: TwoCourts) -> None:
    number = courts.case.references.get().value
    probation, clerk = signed_in(courts, "probation"), signed_in(courts, "clerk")
    asked = probation.post(reverse("admissions"), {"number": number, "ground": "linked", "reason": WHY})
    assert asked.status_code == 303
    assert WHY in clerk.get(reverse("admissions")).content.decode()
    admission = Admission.objects.get()
    field = str(admission.pk)[:8]
    decide = reverse("admission-decide", kwargs={"admission_id": admission.pk})

    wrong = clerk.post(decide, {"answer": "grant", f"{field}-until": "1 1 2099", f"{field}-reason": "Report is due"})
    assert wrong.status_code == 422
    assert "Report is due" in wrong.content.decode()  # nothing typed is lost
    assert clerk.post(decide, {"answer": "grant", f"{field}-reason": "Report is due"}).status_code == 303
    assert "Open to you until" in probation.get(reverse("admissions")).content.decode()

    report = signed_in(courts, "auditor").get(reverse("access-report")).content.decode()
    assert WHY in report
    end = reverse("admission-end", kwargs={"admission_id": admission.pk})
    assert clerk.post(end, {"reason": "The report has been filed"}).status_code == 303
    assert "Ended" in probation.get(reverse("admissions")).content.decode()


def test_watchers_are_told_on_every_page_until_they_have_looked(courts: TwoCourts) -> None:
    Admission.objects.create(
        kind="break-glass",
        state="granted",
        person=courts.people["judge"],
        case=courts.case,
        number="1",
        ground="urgent",
        reason=WHY,
        asked_at=courts.people["judge"].created_at,
        until_on="2099-01-01",
    )
    auditor = signed_in(courts, "auditor")
    assert "A judge opened a case at once" in auditor.get("/help/").content.decode()
    assert "A judge opened a case at once" not in signed_in(courts, "clerk").get("/help/").content.decode()
    seen = reverse("admission-seen", kwargs={"admission_id": Admission.objects.get().pk})
    assert auditor.post(seen).status_code == 303
    assert "A judge opened a case at once" not in auditor.get("/help/").content.decode()


def test_a_leaver_is_seen_off_from_the_page(courts: TwoCourts) -> None:
    client, person = signed_in(courts, "clerk"), courts.people["usher"]
    assert person.name in client.get(reverse("people")).content.decode()
    url = reverse("person", kwargs={"person_id": person.pk})
    assert client.post(url, {"answer": "end"}).status_code == 422  # a reason is needed
    assert client.post(url, {"answer": "end", "reason": "Retired"}).status_code == 303
    assert client.get(url).status_code == 404


def test_the_work_board_shows_the_queue_and_hard_pages_of_papers_one_may_open(courts: TwoCourts) -> None:
    mine, other = (
        courts.file("faint", title="Faint carbon copy"),
        courts.file("faint", by="clerk2", case=courts.other, section="statements", title="Elsewhere"),
    )
    for document in (mine, other):
        document.versions.get().pages.update(method="ocr", confidence=31.0)
    said = signed_in(courts, "clerk").get(reverse("work")).content.decode()
    assert "Faint carbon copy" in said
    assert "31% certainty" in said
    assert "Elsewhere" not in said
    assert "Documents filed, by day" in said
