"""The case page and the day list: what they say, to whom, and with how many questions to the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from docstore.access import actions as access
from docstore.access.actor import system
from docstore.cases import actions as cases
from docstore.cases.days import start_of
from docstore.cases.list_models import Visit
from docstore.cases.models import Case
from docstore.cases.queries import hearings_on
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.documents.listed import papers_of
from docstore.web.daylist import late_list
from tests.courts import TwoCourts
from tests.web.test_pages import signed_in


def case_url(case: Case) -> str:
    return reverse("case", kwargs={"case_id": case.pk})


def list_today(courts: TwoCourts, case: Case, room: str = "Courtroom 1") -> None:
    starts_at = start_of(clock.today()) + timedelta(hours=10)
    cases.list_hearing(by=courts.actor("clerk"), case_id=case.pk, room=room, starts_at=starts_at, kind="Trial")


def queries_for(client: Client, url: str) -> int:
    client.get(url)  # what is asked once per process and once per visit is asked now
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


@pytest.mark.parametrize("page", ["/", "/day/", "/cases/"])
def test_a_list_asks_the_same_of_one_case_and_of_many(courts: TwoCourts, page: str) -> None:
    client = signed_in(courts, "judge")
    courts.file("one")
    list_today(courts, courts.case)
    one = queries_for(client, page)

    for _ in range(6):
        case = courts.open_case()
        courts.file("many", case=case, section="charges")
        list_today(courts, case, room="Courtroom 2")

    assert queries_for(client, page) == one


def test_the_case_page_asks_the_same_for_one_document_and_for_many(courts: TwoCourts) -> None:
    client = signed_in(courts, "judge")
    client.get(case_url(courts.case))  # a first visit, so that the paper filed next is new
    courts.file("one")
    list_today(courts, courts.case)
    one = queries_for(client, case_url(courts.case))

    for at in range(20):
        courts.file("many", section=("statements", "exhibits", "charges")[at % 3])
    list_today(courts, courts.case, room="Courtroom 9")

    assert queries_for(client, case_url(courts.case)) == one


@pytest.mark.requirement("DOM-7.2")
def test_from_the_day_list_the_first_paper_is_one_click_away(courts: TwoCourts) -> None:
    document = courts.file("charge one", section="charges", title="Charge sheet")
    list_today(courts, courts.case)

    said = signed_in(courts, "judge").get("/day/").content.decode()

    assert f'href="/documents/{document.pk}/pages/1/"' in said


def test_the_day_list_says_what_is_missing_and_what_is_ready(courts: TwoCourts) -> None:
    list_today(courts, courts.case)
    said = signed_in(courts, "judge").get("/day/").content.decode()
    assert "Not ready" in said
    assert "Nothing filed in Charges, Witness statements" in said

    courts.file("a", section="charges")
    courts.file("b", section="statements")
    said = signed_in(courts, "judge").get("/day/").content.decode()
    assert "Not ready" not in said


@pytest.mark.requirement("DOM-2.4")
def test_the_case_page_marks_what_is_new_since_the_last_visit(courts: TwoCourts) -> None:
    client, url = signed_in(courts, "judge"), case_url(courts.case)
    courts.file("old", title="Old paper")
    assert "New since your last visit" not in client.get(url).content.decode()

    Visit.objects.update(viewed_at=clock.now() - timedelta(hours=1), seen_at=clock.now() - timedelta(hours=2))
    Visit.objects.update(viewed_at=clock.now() - timedelta(minutes=40))
    fresh = courts.file("new", title="Fresh paper")
    said = client.get(url).content.decode()
    assert "New since your last visit" in said
    assert said.index("Fresh paper") < said.index("Witness statements")
    assert f'href="/documents/{fresh.pk}/"' in said
    assert "hearing is listed" in said
    assert 'id="section-statements"' in said

    client.post(reverse("mark-seen", kwargs={"case_id": courts.case.pk}))
    assert "New since your last visit" not in client.get(url).content.decode()


@pytest.mark.requirement("DOM-2.12")
def test_a_reporting_restriction_stands_on_every_page_and_print_of_the_case(courts: TwoCourts) -> None:
    words = "Do not name the witness W."
    cases.restrict_reporting(by=courts.actor("clerk"), case_id=courts.case.pk, restriction=words)
    document = courts.file("text")
    client, case_id = signed_in(courts, "clerk"), courts.case.pk
    pages = [
        *(reverse(name, kwargs={"case_id": case_id}) for name in ("case", "case-hearings", "case-timeline")),
        *(reverse(name, kwargs={"case_id": case_id}) for name in ("case-notes", "file-documents")),
        reverse("case-act", kwargs={"case_id": case_id, "act": "link"}),
        f"/documents/{document.pk}/",
        f"/documents/{document.pk}/pages/1/",
        f"/documents/{document.pk}/acts/withdraw/",
    ]

    for page in pages:
        said = client.get(page).content.decode()
        assert 'aria-label="Reporting restriction"' in said, page
        assert f"Reporting restriction in force: {words}" in said.split('class="ds-print')[1], page


def test_a_note_is_read_by_those_whom_it_is_for(courts: TwoCourts) -> None:
    page = reverse("case-notes", kwargs={"case_id": courts.case.pk})
    writer = signed_in(courts, "judge")
    for audience, text in {"me": "mine alone", "judges": "for the bench", "court": "for the office"}.items():
        assert writer.post(page, {"audience": audience, "text": text}).status_code == 303

    own = writer.get(page).content.decode()
    assert all(text in own for text in ("mine alone", "for the bench", "for the office"))
    clerk = signed_in(courts, "clerk").get(page).content.decode()
    assert "for the office" in clerk
    assert "mine alone" not in clerk
    assert "for the bench" not in clerk


@pytest.mark.requirement("DOM-2.9")
def test_the_cover_has_what_stands_on_the_front_of_a_file_and_the_memoranda_meant_for_its_reader(
    courts: TwoCourts,
) -> None:
    list_today(courts, courts.case)
    courts.file("One", section="charges", title="Charge sheet")
    courts.file("Two", section="convictions", title="Record")
    notes = reverse("case-notes", kwargs={"case_id": courts.case.pk})
    writer = signed_in(courts, "judge")
    for audience, text in {"judges": "for the bench", "court": "for the office"}.items():
        writer.post(notes, {"audience": audience, "text": text})

    cover = signed_in(courts, "clerk").get(reverse("case-cover", kwargs={"case_id": courts.case.pk})).content.decode()

    told = ("Charges: 1", "Previous convictions: 1", "Trial", "Courtroom 1", courts.ann.name, courts.bob.name)
    assert [one for one in (*told, courts.case.title, courts.first.name, "for the office") if one not in cover] == []
    assert "for the bench" not in cover
    assert "for court staff on this case" in cover


@pytest.mark.requirement("DOM-2.10")
def test_the_timeline_has_filings_hearings_orders_and_disclosures_newest_first(courts: TwoCourts) -> None:
    list_today(courts, courts.case)
    person = courts.people["prosecutor"]
    cases.add_member(by=courts.actor("clerk"), case_id=courts.case.pk, person=person, role="prosecutor")
    filed = {"charges": ("clerk", "Charge sheet"), "orders": ("judge", "Directions"), "unused": ("prosecutor", "Notes")}
    for section, (who, title) in filed.items():
        courts.file(title, by=who, section=section, title=title)

    said = signed_in(courts, "clerk").get(reverse("case-timeline", kwargs={"case_id": courts.case.pk}))
    days = said.context["days"]
    kinds = {(one.kind, one.title) for day in days for one in day.happenings}
    assert {
        ("Filed", "Charge sheet"),
        ("Order", "Directions"),
        ("Disclosure", "Notes"),
        ("Hearing", "Trial"),
        ("Case", "Case opened"),
    } == kinds
    assert [day.day for day in days] == sorted({day.day for day in days}, reverse=True)
    unseen = signed_in(courts, "judge").get(reverse("case-timeline", kwargs={"case_id": courts.case.pk}))
    assert "Disclosure" not in {one.kind for day in unseen.context["days"] for one in day.happenings}


def test_a_note_without_words_keeps_what_was_chosen(courts: TwoCourts) -> None:
    page = reverse("case-notes", kwargs={"case_id": courts.case.pk})

    answer = signed_in(courts, "judge").post(page, {"audience": "court", "text": " "})

    assert answer.status_code == 422
    assert 'value="court" checked' in answer.content.decode()


def test_what_comes_in_after_the_morning_is_late_and_what_came_with_the_case_is_not(courts: TwoCourts) -> None:
    list_today(courts, courts.case)
    courts.file("with the case", title="First papers")
    scope, morning = Scope.of(courts.actor("judge")), clock.now() - timedelta(hours=3)

    def late_titles() -> list[str]:
        row = hearings_on(scope, clock.today())[0]
        papers = papers_of(scope, [row.case])[row.case_id]
        return [one.title for one in late_list([(row, papers)], since=morning)]

    assert late_titles() == []
    Case.objects.filter(pk=courts.case.pk).update(created_at=clock.now() - timedelta(days=3))
    assert late_titles() == ["First papers"]


def test_a_lead_case_is_shown_above_everything_and_a_link_is_ended_with_a_reason(courts: TwoCourts) -> None:
    lead, client = courts.open_case(), signed_in(courts, "clerk")
    number = lead.references.get().value
    act = reverse("case-act", kwargs={"case_id": courts.case.pk, "act": "consolidate"})
    assert client.post(act, {"reference": number, "reason": "Order of 3 June"}).status_code == 303

    assert "This case is under a lead case:" in client.get(case_url(courts.case)).content.decode()
    assert "Under this case. Order of 3 June" in client.get(case_url(lead)).content.decode()
    assert "End a link" not in signed_in(courts, "usher").get(case_url(lead)).content.decode()

    end = reverse("case-act", kwargs={"case_id": lead.pk, "act": "unlink"})
    assert courts.case.title in client.get(end).content.decode()
    assert client.post(end, {"other": str(courts.case.pk)}).status_code == 422
    assert client.post(end, {"other": str(courts.other.pk), "reason": "No"}).status_code == 422
    assert client.post(end, {"other": str(courts.case.pk), "reason": "Tried apart"}).status_code == 303
    assert "lead case:" not in client.get(case_url(courts.case)).content.decode()


def test_somebody_at_two_courts_chooses_the_one_before_them_and_loses_no_right_by_it(courts: TwoCourts) -> None:
    access.grant_role(by=system("tests"), person=courts.people["clerk"], role="clerk", court=courts.second)
    client = signed_in(courts, "clerk")
    assert "All your courts" in client.get("/cases/").content.decode()
    assert courts.other.title in client.get("/cases/").content.decode()

    assert client.post("/court/", {"court": "NGT"}).status_code == 303
    said = client.get("/cases/").content.decode()
    assert "Northgate" in said
    assert "Change court" in said
    assert courts.case.title in said
    assert courts.other.title not in said
    assert client.get(case_url(courts.other)).status_code == 200
    assert client.post("/court/", {"court": "nowhere"}).status_code == 422
    assert "Change court" not in signed_in(courts, "usher").get("/cases/").content.decode()
