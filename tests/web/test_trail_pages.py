"""The history of a case and the trail of auditors as pages."""

import csv
import re

from django.urls import reverse

from docstore.cases.models import Case
from docstore.documents import actions
from tests.courts import TwoCourts
from tests.web.test_pages import signed_in


def history(case: Case) -> str:
    return reverse("case-history", kwargs={"case_id": case.pk})


def test_the_history_of_a_case_says_who_did_what_and_why(courts: TwoCourts) -> None:
    paper = courts.file("a paper", title="Plan of the house")
    actions.withdraw(by=courts.actor("adviser"), document_id=paper.pk, seen=paper.etag, reason="Filed twice")
    client = signed_in(courts, "clerk")
    said = client.get(history(courts.case)).content.decode()

    assert re.search(r"Adviser</span><span>Withdrew the document: <a [^>]+>Plan of the house</a>", said)
    assert "Reason: Filed twice" in said
    assert (
        f'href="{history(courts.case)}"'
        in client.get(reverse("case", kwargs={"case_id": courts.case.pk})).content.decode()
    )
    assert "History" not in signed_in(courts, "usher").get(f"/cases/{courts.case.pk}/").content.decode()


def test_an_auditor_narrows_the_trail_by_name_and_number_and_no_word_stands_in_the_address(courts: TwoCourts) -> None:
    courts.file("a paper", title="Plan of the house")
    client, number = signed_in(courts, "auditor"), courts.case.references.get().value
    asked = {"person": "clerk", "case": f"{number[:4]} {number[4:]}", "event": "document.filed"}

    answer = client.post("/trail/", asked)
    assert answer.status_code == 303
    assert "clerk" not in answer["Location"]
    assert number not in answer["Location"]
    said = client.get("/trail/" + answer["Location"]).content.decode()
    assert said.count("Filed the document") == 2  # the happening, and the choice in the filter
    assert f"Case {number}, document" in said
    assert "Plan of the house" not in said

    hidden = dict(
        re.findall(r'<input type="hidden" name="(person|case|document|event|since|until)" value="([^"]*)"', said)
    )
    table = b"".join(client.post("/trail/table/", hidden).streaming_content).decode()  # type: ignore[attr-defined]
    assert [row[1:3] for row in csv.reader(table.splitlines()[1:])] == [["clerk", "document.filed"]]


def test_what_cannot_be_found_is_said_beside_its_field(courts: TwoCourts) -> None:
    answer = signed_in(courts, "auditor").post(
        "/trail/", {"person": "nobody here", "case": "00", "document": "x", "since": "3 6 2026", "until": "2 6 2026"}
    )
    said = answer.content.decode()

    assert answer.status_code == 422
    for sentence in (
        "Nobody has this name",
        "No case has this number",
        "Enter the id of a document",
        "The last day must not be before the first",
    ):
        assert sentence in said
