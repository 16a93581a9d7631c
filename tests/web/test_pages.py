"""What the pages say and withhold, asked through Django's own client. The browser's view of them is in tests/browser."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from docstore.documents.models import Document
from tests.courts import TwoCourts

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
EVIL = "<img src=x onerror=alert(1)>.pdf"


def signed_in(courts: TwoCourts, who: str) -> Client:
    client = Client()
    client.force_login(courts.people[who], backend=BACKEND)
    return client


def test_a_stranger_is_sent_to_sign_in(db: None) -> None:
    answer = Client().get("/cases/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_the_case_page_names_its_sections_and_parties_and_says_why(courts: TwoCourts) -> None:
    said = signed_in(courts, "clerk").get(reverse("case", kwargs={"case_id": courts.case.pk})).content.decode()

    assert "Parties and sides" in said
    assert courts.ann.name in said
    assert "You may open this case because you are a court officer" in said


@pytest.mark.requirement("SEC-3")
def test_hidden_and_absent_are_the_same_page_byte_for_byte(courts: TwoCourts) -> None:
    client = signed_in(courts, "clerk")
    hidden = client.get(reverse("case", kwargs={"case_id": courts.other.pk}))
    absent = client.get("/cases/00000000-0000-4000-8000-000000000000/")
    nowhere = client.get("/nothing/here/")

    assert hidden.status_code == absent.status_code == nowhere.status_code == 404
    assert hidden.content == absent.content == nowhere.content


def test_how_many_are_hidden_is_not_told_to_parties(courts: TwoCourts) -> None:
    page = reverse("case", kwargs={"case_id": courts.case.pk})

    assert "hidden from you" in signed_in(courts, "clerk").get(page).content.decode()
    answer = signed_in(courts, "defence").get(page)
    assert answer.status_code in (200, 404)
    assert "hidden from you" not in answer.content.decode()


@pytest.mark.requirement("SEC-51")
def test_a_search_travels_by_post_and_its_words_stand_in_no_address(courts: TwoCourts) -> None:
    client = signed_in(courts, "clerk")

    sent = client.post("/search/", {"query": "Dunmore knife"})
    assert sent.status_code == 303
    assert re.fullmatch(r"/search/\?s=[\w-]{8,24}#results", sent["Location"])

    shown = client.get(sent["Location"].split("#")[0])
    assert shown.status_code in (200, 503)
    assert "dunmore" not in str(shown.headers).lower()


def test_a_search_of_another_person_is_not_found_under_its_id(courts: TwoCourts) -> None:
    kept = signed_in(courts, "clerk").post("/search/", {"query": "Dunmore"})["Location"].split("#")[0]

    assert "Dunmore" not in signed_in(courts, "judge").get(kept).content.decode()


@pytest.mark.requirement("SEC-48")
def test_nothing_is_kept_by_the_browser_and_sign_out_clears_it(courts: TwoCourts) -> None:
    client = signed_in(courts, "clerk")

    assert client.get("/cases/")["Cache-Control"] == "no-store"
    out = client.post("/sign-out/")
    assert '"cache"' in out["Clear-Site-Data"]
    assert client.get("/cases/").status_code == 302


def test_without_script_several_files_are_taken_or_refused_each_by_itself(courts: TwoCourts) -> None:
    client = signed_in(courts, "clerk")
    page = reverse("file-documents", kwargs={"case_id": courts.case.pk})
    files = [SimpleUploadedFile(EVIL, b"not a PDF at all"), SimpleUploadedFile("empty.pdf", b"")]

    answer = client.post(page, {"do": "add", "files": files})
    said = answer.content.decode()

    assert answer.status_code == 422
    assert "2 files need you" in said
    assert "<img src=x" not in said
    assert "&lt;img src=x onerror=alert(1)&gt;.pdf" in said


def test_without_script_files_are_sent_described_and_filed_and_a_bad_date_keeps_what_was_typed(
    courts: TwoCourts,
) -> None:
    client = signed_in(courts, "clerk")
    page = reverse("file-documents", kwargs={"case_id": courts.case.pk})
    said = client.post(page, {"do": "add", "files": SimpleUploadedFile("Note.txt", b"A note.\n")}).content.decode()
    key = re.findall(r'id="file-([0-9a-f-]{36})"', said)[0]
    given = {f"title-{key}": "My note", f"section-{key}": "statements", f"classification-{key}": "1"}

    wrong = client.post(page, given | {f"dated-{key}": "soon", "do": "file"})
    assert wrong.status_code == 422
    assert f'href="#dated-{key}"' in wrong.content.decode()
    assert 'value="soon"' in client.get(page).content.decode()
    assert 'value="My note"' in client.get(page).content.decode()

    filed = client.post(page, given | {f"dated-{key}": "9 9 2026", "do": "file"})
    assert filed.status_code == 200
    document = Document.objects.get(title="My note")
    assert f'href="/documents/{document.pk}/"' in filed.content.decode()
    assert str(document.dated_on) == "2026-09-09"


def test_a_file_of_the_script_is_answered_in_json(courts: TwoCourts) -> None:
    page = reverse("file-documents", kwargs={"case_id": courts.case.pk})
    given = {"do": "add", "files": SimpleUploadedFile("empty.pdf", b"")}

    answer = signed_in(courts, "clerk").post(page, given, headers={"accept": "application/json"})

    assert answer.status_code == 422
    assert set(answer.json()) == {"code", "detail"}


def test_a_report_of_the_content_policy_is_taken_without_a_token(db: None) -> None:
    report = '{"csp-report": {"blocked-uri": "inline", "document-uri": "http://x/y"}}'

    assert (
        Client(enforce_csrf_checks=True)
        .post("/csp-reports/", report, content_type="application/csp-report")
        .status_code
        == 204
    )
    assert Client().post("/csp-reports/", "{", content_type="application/csp-report").status_code == 400


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_page_says_which_language_it_is_in(courts: TwoCourts, language: str) -> None:
    client = signed_in(courts, "clerk")
    client.post("/language/", {"language": language, "next": "/"})

    said = client.get("/cases/").content.decode()

    assert f'<html lang="{language}"' in said
    assert ("Achosion" in said) == (language == "cy")
    assert "Neidio i’r prif gynnwys" in said or language == "en"
