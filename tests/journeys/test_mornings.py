"""A newcomer's morning, role by role, through the pages alone: what each does first, without script."""

import json
import re
from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from docstore.cases import actions as cases
from docstore.cases.days import start_of
from docstore.cases.models import Case, Reference, ReferenceKind, Side
from docstore.core import clock
from docstore.documents.models import Document
from docstore.intake.draft_models import Draft
from docstore.intake.models import Station
from tests.courts import TwoCourts

URN = "45MC1234542"


class Desk:
    """Somebody at a browser without script: they follow links and send the forms that they are shown."""

    def __init__(self, courts: TwoCourts, who: str) -> None:
        self.client = Client()
        signed = self.client.post("/sign-in/", {"login": who, "password": "test-password-1"})
        assert signed.status_code == 302, who
        self.said = ""

    def open(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        self.said = answer.content.decode()
        return self.said

    def follow(self, words: str) -> str:
        """Follow the link that bears these words, as a person would find it on the page."""
        found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>(?:<[^>]+>)*\s*{re.escape(words)}', self.said)
        assert found is not None, f"no link says {words}"
        return self.open(found[1].split("#")[0].replace("&amp;", "&"))

    def send(self, path: str, given: dict[str, object]) -> str:
        answer = self.client.post(path, given)
        if answer.status_code == 303:
            return self.open(answer["Location"].split("#")[0])
        assert answer.status_code == 200, (path, answer.status_code)
        self.said = answer.content.decode()
        return self.said


@pytest.fixture
def morning(courts: TwoCourts) -> TwoCourts:
    """A case with a number, listed at ten in Courtroom 1, with a charge sheet; the defence is on it for Ann Ash."""
    courts.people.everybody()
    Reference.objects.create(case=courts.case, kind=ReferenceKind.URN, value=URN)
    clerk, case_id = courts.actor("clerk"), courts.case.pk
    starts_at = start_of(clock.today()) + timedelta(hours=10)
    cases.list_hearing(by=clerk, case_id=case_id, room="Courtroom 1", starts_at=starts_at, kind="First hearing")
    cases.add_member(
        by=clerk, case_id=case_id, person=courts.people["defence"], role="defence", side="defence", party=courts.ann
    )
    cases.add_member(by=clerk, case_id=case_id, person=courts.people["prosecutor"], role="prosecutor")
    courts.file("You are charged with damage to a door.", section="charges", title="Charge sheet")
    return courts


def file_a_paper(desk: Desk, case: Case, text: str, **said: str) -> None:
    """Send a file, look at what was filled in, and file it."""
    page = reverse("file-documents", kwargs={"case_id": case.pk})
    desk.send(page, {"do": "add", "files": SimpleUploadedFile("paper.txt", text.encode())})
    key = re.findall(r'id="file-([0-9a-f-]{36})"', desk.said)[-1]
    draft = Draft.objects.get(pk=key)
    shown = {"title": draft.title, "section": draft.section, "dated": draft.dated, "type": draft.type}
    given = {f"{name}-{key}": value for name, value in (shown | said).items()}
    desk.send(page, given | {f"classification-{key}": "1", f"party-{key}": "", "do": "file"})


def test_the_clerk_files_what_came_in_and_mends_a_mistake(morning: TwoCourts) -> None:
    desk = Desk(morning, "clerk")
    desk.open("/")
    desk.open(f"/cases/?reference={URN}")
    desk.follow(URN)
    assert "hidden from you" in desk.said
    desk.follow("File documents")
    file_a_paper(desk, morning.case, f"WITNESS STATEMENT\nStatement of Ada Pike\nURN {URN}\nDated 3 June 2025")
    assert "Filed" in desk.said
    desk.follow("Statement of Ada Pike")
    desk.follow("Withdraw it")
    document = Document.objects.get(title="Statement of Ada Pike")
    desk.send(
        reverse("document-act", kwargs={"document_id": document.pk, "act": "withdraw"}),
        {"reason": "Filed twice", "seen": document.etag},
    )
    assert "The document is withdrawn" in desk.said


def test_the_judge_reaches_the_first_paper_from_the_day_list_and_leaves_a_note(morning: TwoCourts) -> None:
    desk = Desk(morning, "judge")
    desk.open("/day/")
    assert "Courtroom 1" in desk.said
    desk.follow("Charge sheet")
    assert "You are charged with damage to a door." in desk.said
    desk.open(reverse("case", kwargs={"case_id": morning.case.pk}))
    desk.follow("Notes to file")
    desk.send(
        reverse("case-notes", kwargs={"case_id": morning.case.pk}), {"text": "Ask about the hinge.", "audience": "me"}
    )
    assert "Ask about the hinge." in desk.said
    assert "Ask about the hinge." not in Desk(morning, "clerk").open(
        reverse("case-notes", kwargs={"case_id": morning.case.pk})
    )


def test_the_legal_adviser_sees_what_came_in_late_and_finds_it_marked_as_new(morning: TwoCourts) -> None:
    desk = Desk(morning, "adviser")
    desk.open(reverse("case", kwargs={"case_id": morning.case.pk}))
    Case.objects.filter(pk=morning.case.pk).update(created_at=clock.now() - timedelta(days=1))
    morning.file("The late one", title="Late statement")

    desk.open("/")
    assert "Late statement" in desk.said
    desk.follow("Late statement")
    desk.open(reverse("case", kwargs={"case_id": morning.case.pk}))
    assert "New since your last visit" in desk.said


def test_the_listing_officer_lists_imports_and_moves_and_puts_people_to_work(morning: TwoCourts) -> None:
    desk = Desk(morning, "listing")
    day = clock.today()
    rows = f"reference,date,time,room,hearing\n{URN},{day:%d/%m/%Y},2pm,Courtroom 2,Bail application\nNONE1,{day:%d/%m/%Y},2pm,X,Y\n"
    desk.open("/day/")
    desk.follow("Take in a list")
    desk.send("/day/import/", {"court": "NGT", "file": SimpleUploadedFile("list.csv", rows.encode())})
    assert "These rows were not taken" in desk.said

    desk.open("/day/")
    hearing = re.findall(r'name="hearing" type="checkbox" value="([0-9a-f-]{36})"', desk.said)[-1]
    desk.send("/day/move/", {"hearing": hearing, "room": "Courtroom 1", "day": day.isoformat()})
    assert "1 case is now in Courtroom 1" in desk.said
    desk.follow("Who works here")
    desk.send(
        f"/day/courtroom/?court=NGT&room=Courtroom%201&day={day.isoformat()}", {"person": "clerk2", "in_place_of": ""}
    )
    assert "comes to its cases at once" in desk.said
    assert URN in Desk(morning, "clerk2").open("/cases/")


def test_the_usher_sees_the_list_and_cannot_change_it(morning: TwoCourts) -> None:
    desk = Desk(morning, "usher")
    desk.open("/day/")
    desk.follow(URN)
    assert "File documents" not in desk.said
    assert desk.client.post("/day/move/", {"hearing": "", "room": "Courtroom 2"}).status_code == 403


def test_the_prosecutor_and_the_defence_file_and_read_each_their_half(morning: TwoCourts) -> None:
    prosecutor = Desk(morning, "prosecutor")
    prosecutor.open("/")
    prosecutor.follow(URN)
    assert "hidden from you" not in prosecutor.said
    file_a_paper(prosecutor, morning.case, "We rely on this plan.", section="exhibits", title="Plan of the house")

    defence = Desk(morning, "defence")
    defence.open("/")
    defence.follow(URN)
    assert "Plan of the house" in defence.said
    file_a_paper(defence, morning.case, "She was at home.", section="defence", title="Answer of Ann Ash")
    assert "Answer of Ann Ash" not in Desk(morning, "prosecutor").open(
        reverse("case", kwargs={"case_id": morning.case.pk})
    )
    assert Document.objects.get(title="Answer of Ann Ash").side == Side.DEFENCE


@pytest.mark.parametrize("who", ["auditor", "support", "stations", "records"])
def test_whoever_opens_no_case_is_told_so_and_shown_the_way(morning: TwoCourts, who: str) -> None:
    said = Desk(morning, who).open("/")

    assert "opens no case files" in said or "No case is open to you yet" in said or "None of your cases" in said
    assert URN not in said


def test_the_administrator_sees_that_all_is_well_admits_a_scanner_and_sees_off_a_leaver(morning: TwoCourts) -> None:
    """What an operator does first: the doctor; a station with its key, which then opens the API; somebody who has left."""
    told = StringIO()
    with suppress(SystemExit):  # 1 where some part is not well: in a test no scheduler seals the log
        call_command("doctor", json=True, stdout=told)
    rows = {one["part"]: one for one in json.loads(told.getvalue())}
    assert {"database", "vault", "fixity", "search", "queue", "evidence"} <= set(rows)
    assert rows["database"]["well"]
    assert [name for name, one in rows.items() if not one["well"] and not one["do"]] == []

    manager = Desk(morning, "stations")
    manager.open("/")
    manager.follow("Intake")
    manager.follow("Stations")
    manager.send("/intake/stations/", {"court": "NGT", "name": "Post room, scanner 1", "username": "post-1"})
    station = Station.objects.get(name="Post room, scanner 1")
    keys = reverse("issue-key", kwargs={"station_id": station.pk})
    manager.send(keys, {"label": "Agent", "days": "30", "addresses": "127.0.0.1"})
    key = re.findall(r"ds_[\w.-]+", manager.said)[0]
    asked = Client().get("/api/v1/events", headers={"Authorization": f"Bearer {key}"})
    assert asked.status_code == 200, asked.content
    assert URN not in manager.open("/cases/")

    support = Desk(morning, "support")
    leaver = Desk(morning, "usher")
    support.open("/")
    support.follow("Access")
    support.follow("Review who has access")
    support.follow(morning.people["usher"].name)
    person = reverse("person", kwargs={"person_id": morning.people["usher"].pk})
    support.send(person, {"answer": "end", "reason": "Left the service on Friday"})
    assert "has been ended" in support.said
    assert leaver.client.get("/").status_code == 302
    again = Client()
    again.post("/sign-in/", {"login": "usher", "password": "test-password-1"})
    assert again.get("/")["Location"].startswith("/sign-in/")
