"""The records manager's pages: figures that equal their lists, files without formulas, acts from first to last."""

import csv
import io
import json
import re
import zipfile
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.cases.lifecycle import Lifecycle
from docstore.cases.models import Case
from docstore.core import clock
from docstore.retention import actions, holds, queries, tiles
from docstore.retention.disposal_models import ListItem
from docstore.retention.hold_models import Hold
from docstore.retention.holds import HoldTold, Targets
from docstore.retention.models import ClassVersion, DisposalClass, RetentionStatus
from docstore.retention.tiles import Filters
from docstore.retention.vocabulary import HoldKind, Outcome, Source, VersionStatus
from docstore.web import words
from tests.retention.disposing import Disposal
from tests.retention.world import UNTIL_SENTENCE_ENDS, World, of_case

pytestmark = pytest.mark.django_db


def at(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.courts.people[who])
    return client


def read(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


@pytest.fixture
def some(world: World) -> dict[str, Case]:
    """Cases in many states."""
    kind = world.new_class(code="SEVEN")
    cases = {
        "due": world.case(kind),
        "held": world.case(kind),
        "soon": world.case(kind, closed_on=clock.today().replace(year=clock.today().year - 7) + timedelta(days=40)),
        "unknown": world.case(world.new_class(UNTIL_SENTENCE_ENDS, code="LONG")),
        "without": world.case(None, closed_on=None),
    }
    review = clock.today() + timedelta(days=365)
    told = HoldTold(HoldKind.CASE, "Inquiry", "A test", "The tests", review, Targets(cases=(cases["held"].pk,)))
    holds.place_hold(by=world.actor("rm1"), told=told)
    world.advance(8)
    return cases


@pytest.mark.requirement("RET-N2")
def test_every_figure_is_the_length_of_its_list(world: World, some: dict[str, Case]) -> None:
    actor = world.actor("rm1")
    counts = tiles.counts(actor)
    assert counts == {one.key: tiles.listed(actor, one.key, Filters()).count() for one in tiles.TILES}
    assert (counts["due"], counts["held"], counts["due-60"], counts["unknown"]) == (1, 1, 1, 1)
    client = at(world, "rm1")
    for key, count in counts.items():
        page = read(client.get(f"{reverse('records-list')}?show={key}"))
        assert page.count('<th scope="row">') == count
    dashboard = read(client.get(reverse("records")))
    assert f"<strong>{counts['due']}</strong>" in dashboard


def more_states(world: World, some: dict[str, Case]) -> None:
    """A permanent case, one at an archive, one whose closing somebody guessed, and one whose stored answer is out of date."""
    keep = {"action": "retain", "trigger": {"none": True}}
    some["forever"] = world.case(world.new_class(keep), closed_on=None)
    for name in ("away", "doubtful", "stale"):
        some[name] = world.case(world.new_class(code=name.upper()), closed_on=None)
    Case.objects.filter(pk=some["away"].pk).update(lifecycle=Lifecycle.TRANSFERRED)
    RetentionStatus.objects.filter(record_id=some["doubtful"].pk).update(confidence=40)
    RetentionStatus.objects.filter(record_id=some["stale"].pk).update(dirty=True)


def test_a_manager_of_one_court_sees_that_court_alone(world: World, some: dict[str, Case]) -> None:
    Case.objects.filter(pk=some["due"].pk).update(court=world.courts.second)
    RetentionStatus.objects.filter(record_id=some["due"].pk).update(court=world.courts.second)
    assert tiles.counts(world.actor("rm1"))["due"] == 1
    assert tiles.counts(world.actor("records"))["due"] == 0
    assert at(world, "records").get(reverse("case-retention", kwargs={"case_id": some["due"].pk})).status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"disposal_class": "SEVEN"}, {"due", "held", "soon"}),
        ({"disposal_class": "LONG"}, {"unknown"}),
        ({"court": "SFT"}, set()),
        ({"due_to": "31 12 2025"}, {"due", "held"}),
        ({"due_from": "1 1 2026"}, {"soon"}),
        ({"show": "held"}, {"held"}),
        ({"show": "unclassified"}, {"without"}),
        ({"show": "held", "hold": "the hold"}, {"held"}),
        ({"hold": "the hold"}, {"held"}),
        ({"outcome": "HELD"}, {"held"}),
        ({"outcome": "UNCLASSIFIED"}, {"without"}),
        ({"outcome": "CANNOT_COMPUTE"}, {"unknown"}),
        ({"outcome": "PERMANENT"}, {"forever"}),
        ({"outcome": "CONFLICT"}, set()),
        ({"version": "1", "disposal_class": "LONG"}, {"unknown"}),
        ({"version": "2"}, set()),
        ({"disposal_state": "TRANSFERRED"}, {"away"}),
        ({"disposal_state": "BLOCKED_BY_LOCK"}, set()),
        ({"confidence_below": "60"}, {"doubtful"}),
        ({"drifted": "on"}, {"stale"}),
    ],
)
@pytest.mark.requirement("RET-K1")
def test_a_list_is_narrowed(world: World, some: dict[str, Case], asked: dict[str, str], found: set[str]) -> None:
    if "hold" in asked:
        asked = {**asked, "hold": str(Hold.objects.get().pk)}
    more_states(world, some)
    told = at(world, "rm1").get(reverse("records-list"), {**asked, "format": "json"})
    listed = {one["record"] for one in json.loads(told.content)["results"]}
    ours = {str(case.pk): name for name, case in some.items()}
    assert {ours[one] for one in listed if one in ours} == found


FORMULA = '=HYPERLINK("http://example.org")'
KINDS = ("csv", "xlsx", "json")
# Every page of records on which there is a list; schedules leave in their own form (RET-A13).
LISTS = (
    *("records-list", "records-calendar", "records-stale", "records-holds", "disposal-lists", "disposal-list"),
    *("records-transfers", "records-stored", "records-protection", "records-processing"),
)


def lines_of(kind: str, content: bytes) -> list[list[str]]:
    """The lines of a file as a spreadsheet shows them, its head first."""
    match kind:
        case "csv":
            return list(csv.reader(io.StringIO(content.decode())))
        case "xlsx":
            return cells_of(content)
        case _:
            told = json.loads(content)
            head = ["list", told["list"], "as of", told["as_of"], "filter", json.dumps(told["filter"])]
            return [head, [], *(list(one.values()) for one in told["results"])]


def cells_of(content: bytes) -> list[list[str]]:
    """What a workbook holds, each cell text: the file is read as what it is, XML in a zip."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        shared = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet  # no formula
    assert "hyperlink" not in sheet.lower()
    words = [one.text or "" for one in ElementTree.fromstring(shared).iter(f"{space}t")]
    found = []
    for row in ElementTree.fromstring(sheet).iter(f"{space}row"):
        cells = list(row.iter(f"{space}c"))
        assert all(one.get("t") == "s" for one in cells)
        found.append([words[int(one[0].text or "")] for one in cells])
    return found


@pytest.mark.requirement("RET-N3")
@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_had_as_a_file_that_says_what_it_is_and_runs_no_formula(
    disposal: Disposal, some: dict[str, Case], name: str
) -> None:
    Hold.objects.update(title=FORMULA)
    case, _ = disposal.case()
    disposal.pass_days(8)
    made = disposal.make()
    ListItem.objects.filter(list=made).update(reference=FORMULA)
    url = reverse(name, kwargs={"list_id": made.pk} if name == "disposal-list" else None)
    client = at(disposal.world, "rm1")
    page = read(client.get(url))
    for kind in KINDS:
        response = client.get(url, {"show": "all", "court": "NGT", "format": kind})
        assert f".{kind}" in response["Content-Disposition"]
        head, _columns, *rows = lines_of(kind, response.content)
        assert (head[0], head[2:5]) == ("list", ["as of", clock.today().isoformat(), "filter"])
        assert json.loads(head[5]) == {"show": "all", "court": "NGT"}
        if kind == "csv":
            assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
        if name in ("records-list", "disposal-list", "records-holds"):
            assert rows
        assert not rows or f"format={kind}" in page  # and the page leads there
    assert case.pk
    told = AuditEvent.objects.filter(type=Event.RETENTION_EXPORTED)
    assert told.count() == len(KINDS)


def test_a_formula_is_words_in_every_kind_of_file(world: World, some: dict[str, Case]) -> None:
    Hold.objects.update(title=FORMULA)
    shown = {}
    for kind in KINDS:
        response = at(world, "rm1").get(reverse("records-holds"), {"format": kind})
        shown[kind] = {cell for row in lines_of(kind, response.content) for cell in row if "HYPERLINK" in cell}
    assert shown == {"csv": {f"'{FORMULA}"}, "xlsx": {FORMULA}, "json": {FORMULA}}


def test_the_navigation_has_seven_places_and_says_where_one_is(world: World, some: dict[str, Case]) -> None:
    client = at(world, "rm1")
    for name in ("records", "records-stale", "records-simulator", "destruction-switch", "records-limitation"):
        page = read(client.get(reverse(name)))
        bar = page.partition('<nav class="moj-sub-navigation"')[2].partition("</nav>")[0]
        assert (bar.count("<a "), bar.count('aria-current="page"')) == (7, 1)
        within = page.partition('<ul class="ds-jump">')[2].partition("</ul>")[0]
        assert re.findall(r'aria-current="page" href="([^"]*)"', within) == (
            [] if name == "records" else [reverse(name)]
        )


@pytest.mark.requirement("RET-C17")
def test_the_panel_says_why_in_words(world: World, some: dict[str, Case]) -> None:
    page = read(at(world, "clerk").get(reverse("case-retention", kwargs={"case_id": some["held"].pk})))
    for told in ("A hold stops its disposal", "5 March 2025", "7 years after the closing of the case", "Inquiry"):
        assert told in page
    then = read(
        at(world, "clerk").get(reverse("case-retention", kwargs={"case_id": some["due"].pk}), {"as_of": "4 3 2025"})
    )
    assert "It is kept until 5 March 2025" in then


@pytest.mark.requirement("RET-K2")
def test_a_restricted_reason_is_not_shown_and_parties_are_told_nothing(world: World, some: dict[str, Case]) -> None:
    Hold.objects.update(restricted=True, title="Operation Heron")
    address = reverse("case-retention", kwargs={"case_id": some["held"].pk})
    assert "Heron" not in read(at(world, "clerk").get(address))
    assert "Heron" in read(at(world, "rm1").get(address))
    case_page = reverse("case", kwargs={"case_id": some["held"].pk})
    assert ">Hold</strong>" in read(at(world, "clerk").get(case_page))


def test_a_person_writes_submits_and_another_approves_on_pages(world: World) -> None:
    first, second = at(world, "rm1"), at(world, "rm2")
    told = {
        "schedule": "PAGES",
        "code": "P-1",
        "title": "Files",
        "description": "All",
        "mandate": "The act",
        "scope_notes": "None",
        "level": "case",
    }
    made = first.post(reverse("define-class"), told)
    kind = DisposalClass.objects.get(code="P-1")
    assert made.headers["Location"] == reverse("draft-version", kwargs={"class_id": kind.pk})
    step = {"trigger": "case_closed", "cutoff": "none", "period": "seven", "action": "destroy", "approval_stages": 1}
    wording = {
        **{f"s1-{name}": value for name, value in step.items()},
        "steps": 1,
        "effective_from": "1 1 2000",
        "applies_to": "all_live",
    }
    refused = first.post(made.headers["Location"], wording)
    assert refused.status_code == 422
    assert "is not a period" in refused.content.decode()
    assert first.post(made.headers["Location"], {**wording, "s1-period": "P7Y"}).status_code == 303
    row = ClassVersion.objects.get(disposal_class=kind)
    address = {act: reverse("version-act", kwargs={"version_id": row.pk, "act": act}) for act in ("submit", "approve")}
    assert "records under the class" in read(first.get(address["submit"]))
    assert first.post(address["submit"]).status_code == 303
    assert first.post(address["approve"]).status_code == 422
    assert f"Approve {row}" in read(second.get(reverse("records")))
    assert second.post(address["approve"]).status_code == 303
    row.refresh_from_db()
    assert row.status == VersionStatus.APPROVED
    page = read(first.get(reverse("records-class", kwargs={"class_id": kind.pk})))
    assert "7 years after the closing of the case it is destroyed." in page


def test_two_wordings_are_compared_in_words(world: World) -> None:
    kind = world.new_class(code="CMP")
    world.draft(kind, {"action": "review", "trigger": {"event": "final_order"}, "period": "P3Y"})
    page = read(at(world, "rm2").get(reverse("records-class", kwargs={"class_id": kind.pk})))
    assert "<del>7 years after the closing of the case it is destroyed.</del>" in page
    assert "<ins>3 years after the final order a person reviews it.</ins>" in page


def test_a_hold_is_placed_and_released_on_pages(world: World, some: dict[str, Case]) -> None:
    client = at(world, "rm1")
    reference = some["due"].references.get().value
    told = {
        "kind": "case",
        "target": "nothing",
        "title": "Appeal",
        "reason": "An appeal",
        "mandate": "The act",
        "review_on": "1 1 2030",
    }
    refused = client.post(reverse("place-hold"), told)
    assert refused.status_code == 422
    assert "No case whose records you manage has that number" in refused.content.decode()
    assert client.post(reverse("place-hold"), {**told, "target": reference}).status_code == 303
    assert queries.evaluate_record(of_case(some["due"])).outcome is Outcome.HELD
    row = Hold.objects.get(title="Appeal")
    held = read(client.get(reverse("records-hold", kwargs={"hold_id": row.pk})))
    assert words.number(some["due"].references.get()) in held
    assert some["due"].title not in held  # the number names it; who it is about is for those who may open it
    assert client.post(reverse("release-hold", kwargs={"hold_id": row.pk}), {"reason": ""}).status_code == 422
    assert client.post(reverse("release-hold", kwargs={"hold_id": row.pk}), {"reason": "Over"}).status_code == 303
    assert queries.evaluate_record(of_case(some["due"])).outcome is Outcome.ELIGIBLE


def test_what_happened_is_recorded_and_voided_on_pages(world: World, some: dict[str, Case]) -> None:
    client = at(world, "clerk")
    where = {"case_id": some["unknown"].pk}
    told = {"type": "sentence_end", "event_on": "2031", "confidence": 90, "reason": "The warrant"}
    act = reverse("case-retention-act", kwargs={**where, "act": "trigger"})
    assert client.post(act, told).status_code == 303
    found = queries.evaluate_record(of_case(some["unknown"]))
    assert found.due_on == date(2031, 12, 31)
    page = read(client.get(reverse("case-retention", kwargs=where)))
    assert "Confidence 90 in 100" in page
    row = queries.triggers_of(world.actor("clerk"), of_case(some["unknown"]))[0]
    void = reverse("void-trigger", kwargs={"trigger_id": row.pk})
    assert client.post(void, {"reason": "Wrong case"}).status_code == 303
    assert queries.evaluate_record(of_case(some["unknown"])).outcome is Outcome.CANNOT_COMPUTE
    assert at(world, "usher").get(void).status_code == 403


@pytest.mark.requirement("RET-N4")
def test_the_simulator_says_what_would_be_due_and_writes_nothing(world: World, some: dict[str, Case]) -> None:
    before = list(RetentionStatus.objects.order_by("id").values())
    draft = world.draft(
        DisposalClass.objects.get(code="LONG"),
        {"action": "destroy", "trigger": {"event": "case_closed"}, "period": "P1Y"},
    )
    hold = Hold.objects.get()
    asked = {"as_of": "1 1 2035", "version": str(draft.pk), "without": [str(hold.pk)]}
    page = read(at(world, "rm1").get(reverse("records-simulator"), asked))
    row = next(line for line in page.split("<tr>") if ">Due<" in line)
    assert '<td class="ds-num">1</td><td class="ds-num">4</td>' in row
    assert list(RetentionStatus.objects.order_by("id").values()) == before
    assert queries.evaluate_record(of_case(some["held"])).outcome is Outcome.HELD


def test_cases_that_lay_open_are_proposed_and_never_closed_by_themselves(world: World) -> None:
    case = world.case(world.new_class(), closed_on=None)
    Case.objects.filter(pk=case.pk).update(opened_on=date(2015, 1, 1))
    world.advance(1)
    page = read(at(world, "rm1").get(reverse("records-stale")))
    assert words.number(case.references.get()) in page
    case.refresh_from_db()
    assert case.is_open
    assert queries.evaluate_record(of_case(case)).outcome is Outcome.AWAITING_TRIGGER


def test_what_falls_due_is_shown_by_month(world: World, some: dict[str, Case]) -> None:
    page = read(at(world, "rm1").get(reverse("records-calendar")))
    due = queries.evaluate_record(of_case(some["soon"])).due_on
    assert due is not None
    assert f"{due:%B %Y}" in page


@pytest.mark.requirement("DOM-10.15")
def test_an_uncertain_date_is_found(world: World, some: dict[str, Case]) -> None:
    actions.record_trigger(
        by=world.actor("clerk"),
        record=of_case(some["unknown"]),
        type="sentence_end",
        event_on="2030-01-01",
        source=Source.INTEGRATION,
        reason="Guessed",
        confidence=40,
    )
    assert tiles.counts(world.actor("rm1"))["uncertain"] == 1
