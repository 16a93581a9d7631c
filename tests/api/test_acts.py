"""The acts on a document through JSON: preconditions, effects at once, and what others may know."""

import pytest

from docstore.cases import actions as cases
from tests.api.client import Api, drain
from tests.courts import TwoCourts, build_courts

pytestmark = [pytest.mark.urls("tests.api.urls"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def courts(transactional_db: None) -> TwoCourts:
    world = build_courts()
    cases.add_member(
        by=world.actor("clerk"), case_id=world.case.pk, person=world.people["defence"], role="defence", side="defence"
    )
    return world


def found(api: Api, query: str, case: str | None = None) -> list[str]:
    answer = api.post("search", {"query": query, "filters": {"case": case} if case else {}}).json()
    return [hit["document"] for hit in answer["hits"]]


@pytest.mark.requirement("DOM-4.3", "DOM-2.4")
def test_a_document_is_found_on_its_page_with_snippet(courts: TwoCourts) -> None:
    document = courts.file("an opening page", "the door at 14 Hawthorn Lane was replaced")
    drain()

    answer = Api(courts, "judge").post("search", {"query": '"hawthorn lane"', "facets": ["case", "section"]}).json()

    assert [(hit["document"], hit["page"]) for hit in answer["hits"]] == [(str(document.pk), 2)]
    assert [part["text"] for part in answer["hits"][0]["snippet"] if part["hit"]] == ["Hawthorn Lane"]
    assert (answer["pages"], answer["documents"]) == (1, 1)
    assert answer["facets"]["section"] == [{"value": "statements", "name": "Witness statements", "documents": 1}]
    assert Api(courts, "judge").get(f"documents/{document.pk}").json()["stage"] == "SEARCHABLE"


@pytest.mark.requirement("DOM-4.4", "DOM-4.5", "SEC-4", "SEC-5", "DOM-9.10")
def test_a_seal_takes_effect_on_the_next_request_everywhere(courts: TwoCourts) -> None:
    document = courts.file("hawthorn lane")
    drain()
    inside, clerk = Api(courts, "defence"), Api(courts, "clerk")
    assert found(inside, "hawthorn") == [str(document.pk)]

    sealed = clerk.post(f"documents/{document.pk}/seal", {"reason": "order"}, If_Match=f'"{document.change}"')

    assert sealed.status_code == 200
    assert found(inside, "hawthorn") == []
    assert inside.get(f"documents/{document.pk}").status_code == 404
    told = inside.post("search", {"query": "hawthorn", "facets": ["section", "case"]}).json()
    assert (told["pages"], told["documents"], told["facets"]) == (0, 0, {"section": [], "case": []})

    lifted = Api(courts, "judge").post(
        f"documents/{document.pk}/unseal", {"reason": "lifted"}, If_Match=sealed.headers["ETag"]
    )

    assert lifted.status_code == 200
    assert found(inside, "hawthorn") == [str(document.pk)]


@pytest.mark.requirement("REL-36", "DOM-4.5")
def test_while_the_index_lags_a_restricted_document_is_left_out(courts: TwoCourts, settings: object) -> None:
    document = courts.file("hawthorn lane")
    drain()
    settings.DOCSTORE = {
        **settings.DOCSTORE,
        "JOBS": {**settings.DOCSTORE["JOBS"], "RUN_AT_ONCE": "tests.api.test_acts.nothing"},
    }  # type: ignore[attr-defined]

    Api(courts, "clerk").post(f"documents/{document.pk}/seal", {"reason": "order"}, If_Match=f'"{document.change}"')

    told = Api(courts, "defence").post("search", {"query": "hawthorn", "facets": ["section"]}).json()
    assert (told["hits"], told["pages"], told["facets"]["section"]) == ([], 0, [])


def nothing(job: object) -> None:
    """Stands for a process that ends before it can index at once."""


@pytest.mark.requirement("DOM-3.5")
def test_without_if_match_428_and_with_a_stale_one_412(courts: TwoCourts) -> None:
    document = courts.file("words")
    clerk = Api(courts, "clerk")

    assert clerk.post(f"documents/{document.pk}/withdraw", {"reason": "x"}).status_code == 428
    assert clerk.post(f"documents/{document.pk}/withdraw", {"reason": "x"}, If_Match='"stale"').status_code == 412


@pytest.mark.requirement("DOM-3.6")
def test_withdrawn_it_is_gone_for_readers_and_restored_it_is_back(courts: TwoCourts) -> None:
    document = courts.file("hawthorn lane")
    drain()
    clerk, inside = Api(courts, "clerk"), Api(courts, "defence")

    gone = clerk.post(f"documents/{document.pk}/withdraw", {"reason": "mistake"}, If_Match=f'"{document.change}"')

    assert gone.json()["withdrawn"] is True
    assert found(clerk, "hawthorn") == []
    assert inside.get(f"documents/{document.pk}").status_code == 404
    back = clerk.post(f"documents/{document.pk}/restore", {"reason": "was right"}, If_Match=gone.headers["ETag"])
    assert back.json()["withdrawn"] is False
    assert found(inside, "hawthorn") == [str(document.pk)]


@pytest.mark.requirement("DOM-2.7")
def test_a_misfiled_document_moves_and_leaves_a_stub(courts: TwoCourts) -> None:
    document = courts.file("hawthorn lane")
    other = courts.open_case()
    drain()
    clerk = Api(courts, "clerk")

    moved = clerk.post(
        f"documents/{document.pk}/move",
        {"case": str(other.pk), "section": "charges", "reason": "belongs there"},
        If_Match=f'"{document.change}"',
    )

    assert moved.json()["case"] == str(other.pk)
    assert found(clerk, "hawthorn", str(other.pk)) == [str(document.pk)]
    assert found(clerk, "hawthorn", str(courts.case.pk)) == []
    assert Api(courts, "defence").get(f"documents/{document.pk}").status_code == 404


@pytest.mark.requirement("SEC-7", "DOM-13.1")
def test_unknown_fields_are_refused_with_a_pointer(courts: TwoCourts) -> None:
    document = courts.file("words")

    answer = Api(courts, "clerk").post(
        f"documents/{document.pk}/withdraw", {"reason": "x", "retention_class": "none"}, If_Match=f'"{document.change}"'
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/retention_class"


@pytest.mark.requirement("SEC-3", "DOM-9.5")
def test_hidden_and_unknown_are_the_same_answer(courts: TwoCourts) -> None:
    document = courts.file("words")
    outsider = Api(courts, "defence2")

    hidden = outsider.get(f"documents/{document.pk}")
    unknown = outsider.get("documents/00000000-0000-4000-8000-000000000000")

    assert hidden.status_code == unknown.status_code == 404
    strip = {"request_id"}
    assert {k: v for k, v in hidden.json().items() if k not in strip} == {
        k: v for k, v in unknown.json().items() if k not in strip
    }


@pytest.mark.requirement("DOM-11.5")
def test_the_trail_tells_who_did_what_to_those_who_may(courts: TwoCourts) -> None:
    document = courts.file("words")
    Api(courts, "judge").get(f"documents/{document.pk}/pages/1")

    lines = Api(courts, "auditor").get(f"documents/{document.pk}/trail").json()["results"]

    assert ("page.viewed", "Judge") in {(line["event"], line["who"]) for line in lines}
    assert Api(courts, "auditor").get(f"documents/{document.pk}").status_code == 404
    assert Api(courts, "defence").get(f"documents/{document.pk}/trail").status_code == 404


def test_a_page_is_corrected_and_the_correction_taken_back(courts: TwoCourts) -> None:
    document = courts.file("the rneeting at Hawthorn Lane")
    drain()
    clerk, address = Api(courts, "clerk"), f"documents/{document.pk}/pages/1"
    body = {"text": "the meeting at Hawthorn Lane", "reason": "read by eye"}

    changed = clerk.post(f"{address}/corrections", body, If_Match=f'"{document.change}"')

    assert changed.status_code == 200
    assert found(clerk, "meeting") == [str(document.pk)]
    page = clerk.get(address).json()
    assert (page["text"], page["corrected"]["by"], page["corrected"]["reason"]) == (
        body["text"],
        "Clerk",
        "read by eye",
    )
    assert [(one["source"], one["in_use"]) for one in clerk.get(f"{address}/corrections").json()["results"]] == [
        ("person", True)
    ]
    assert clerk.post(f"{address}/corrections", body).status_code == 428
    back = clerk.post(f"{address}/corrections/revert", {"reason": "wrong page"}, If_Match=changed.headers["ETag"])
    assert back.status_code == 200
    assert clerk.get(address).json()["corrected"] is None
