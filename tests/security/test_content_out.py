"""Bytes and words going out: names cannot alter headers, markup is text, ranges are bounded and asked for each time."""

import dataclasses
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from docstore.cases import actions as cases
from docstore.cases.models import Side
from docstore.core import jobs
from docstore.documents import actions as documents
from docstore.documents.models import Document
from docstore.documents.names import LONGEST_BYTES, shown
from docstore.documents.progress import begin_pages, store_page
from docstore.documents.received import PageText
from tests.courts import TwoCourts, stored
from workers import pipeline

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>&{{7*7}}"
NAMES = [
    'a"; filename="evil.html',
    "a\r\nSet-Cookie: session=1.txt",
    "a;b=c.txt",
    "\u202etxt.exe",
    "inv\u200bisible.pdf",
    "Gŵyl – tystiolaeth.pdf",
    "../../etc/passwd",
    "-rf.txt",
    "%0d%0aX: 1.txt",
    "\x00.txt",
    MARKUP,
    "x" * 600 + ".pdf",
]


def filed(
    courts: TwoCourts,
    *,
    name: str = "a.txt",
    title: str = "Statement",
    text: str = "words",
    content: bytes = b"0123456789",
) -> Document:
    received = dataclasses.replace(stored(courts.case, content), original_name=name.replace("\x00", ""))
    document = documents.file_document(
        by=courts.actor("clerk"), case_id=courts.case.pk, section="statements", title=title, received=received
    )
    page = PageText(1, "1", 595, 842, text=text)
    begin_pages(received.version_id, [page])
    store_page(received.version_id, page, ())
    return document


def api(courts: TwoCourts, who: str = "clerk") -> Client:
    return Client(headers={"Authorization": f"Bearer {courts.key(who)}"})


def content(client: Client, document: Document, **headers: str) -> Any:
    return client.get(f"/api/v1/documents/{document.pk}/content", headers=headers)


@pytest.mark.requirement("SEC-42")
@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_no_file_name_alters_a_header(courts: TwoCourts, name: str) -> None:
    told = content(api(courts), filed(courts, name=name)).headers
    disposition = told["Content-Disposition"]
    assert disposition.startswith('attachment; filename="')
    assert disposition.count(";") == 2
    assert disposition.count('"') == 2
    assert disposition.isascii()
    assert disposition.isprintable()
    assert "Set-Cookie" not in told
    assert "\u202e" not in unquote(disposition.partition("filename*=UTF-8''")[2])


@pytest.mark.requirement("SEC-42", "SEC-23")
@given(st.text(max_size=400))
def test_any_name_is_shown_as_what_it_looks_like(name: str) -> None:
    told = shown(name)
    assert told
    assert len(told.encode(errors="surrogatepass")) <= LONGEST_BYTES
    assert not set(told) & set("/\\\x00\r\n\u202e\u200b\ufeff")
    assert shown(told) == told


@pytest.mark.requirement("SEC-23")
@pytest.mark.django_db
def test_the_name_as_sent_is_kept_as_evidence(courts: TwoCourts) -> None:
    name = "e\u0301tat \u202efdp.exe"
    version = filed(courts, name=name).versions.get()
    assert version.original_name == name
    assert version.shown_name == "\u00e9tat fdp.exe"


@pytest.mark.requirement("SEC-22")
@pytest.mark.django_db
def test_no_key_holds_any_part_of_a_name(courts: TwoCourts) -> None:
    version = filed(courts, name="hawthorn.txt", title="Hawthorn").versions.get()
    assert "hawthorn" not in version.key.lower()
    assert set(version.key) <= set("0123456789abcdef-/cases")


@pytest.mark.requirement("SEC-43")
@pytest.mark.django_db
def test_markup_is_text_on_every_page(courts: TwoCourts) -> None:
    document = filed(courts, name=MARKUP, title=MARKUP, text=f"words {MARKUP} more words")
    cases.add_party(by=courts.actor("clerk"), case_id=courts.case.pk, name=MARKUP, role="Defendant", side=Side.DEFENCE)
    while job := jobs.lease(owner="test"):
        pipeline.carry_out(job)
    client = Client()
    client.force_login(courts.people["clerk"])
    pages = [
        client.get(f"/cases/{courts.case.pk}/"),
        client.get("/cases/"),
        client.get(f"/documents/{document.pk}/"),
        client.get(f"/documents/{document.pk}/pages/1/"),
        client.get(f"/documents/{document.pk}/acts/withdraw/"),
        client.get(client.post("/search/", {"query": f"words {MARKUP}"}).headers["Location"]),
    ]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()
        assert "49" not in page.content.decode().partition("&amp;{{")[2][:2]


@pytest.mark.requirement("SEC-43")
@pytest.mark.django_db
def test_json_is_never_a_page(courts: TwoCourts) -> None:
    told = api(courts).get(f"/api/v1/documents/{filed(courts, title=MARKUP).pk}")
    assert told.headers["Content-Type"].startswith("application/json")
    assert told.headers["X-Content-Type-Options"] == "nosniff"
    assert told.json()["title"] == MARKUP


@pytest.mark.requirement("SEC-49")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "status", "expected"),
    [
        ("bytes=0-3", 206, b"0123"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-2", 206, b"89"),
        ("bytes=5-999", 206, b"56789"),
        ("bytes=0-0,2-3,4-5,6-7", 200, b"0123456789"),
        ("bytes=a-b", 200, b"0123456789"),
        ("lines=1-2", 200, b"0123456789"),
        ("bytes=" + "0-1," * 5000, 200, b"0123456789"),
        ("bytes=9-3", 416, None),
        ("bytes=10-", 416, None),
        ("bytes=99999999999999-", 416, None),
        ("bytes=-0", 416, None),
    ],
)
def test_ranges_are_one_and_within_the_file(
    courts: TwoCourts, wanted: str, status: int, expected: bytes | None
) -> None:
    response = content(api(courts), filed(courts), Range=wanted)
    assert response.status_code == status
    if expected is not None:
        assert b"".join(response.streaming_content) == expected


@pytest.mark.requirement("SEC-49")
@pytest.mark.django_db
def test_every_range_is_asked_for_anew(courts: TwoCourts) -> None:
    document, client = filed(courts), api(courts, "adviser")
    assert content(client, document, Range="bytes=0-1").status_code == 206
    person = courts.people["adviser"]
    cases.exclude_person(by=courts.actor("clerk"), case_id=courts.case.pk, person=person, reason="A conflict")
    assert content(client, document, Range="bytes=2-3").status_code == 404
