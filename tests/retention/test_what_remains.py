"""What remains of the destroyed, and what lets a record stay longer than its rule: certificates, stubs, limits."""

import io
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from docstore.audit.models import AuditEvent
from docstore.core import clock
from docstore.documents.models import Filing
from docstore.retention import certificates, execution, longer, queries, stubs, tending, tiles
from docstore.retention.disposal_models import CertificateIssue, ListItem
from docstore.retention.longer import BeyondMaximum, InstrumentMissing
from docstore.retention.models import Extension
from docstore.retention.stub_models import Stub, StubFingerprint
from docstore.retention.tiles import Filters
from docstore.retention.vocabulary import StubFact
from tests.retention.disposing import Disposal, with_disposal
from tests.retention.test_disposal import hold_case
from tests.retention.world import SEVEN_YEARS, World, of_case

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("RET-I1", "DOM-10.7", "DOM-10.13", "WIN-13")
def test_a_certificate_says_by_what_right_who_when_what_how_and_what_was_left(disposal: Disposal) -> None:
    case, paper = disposal.case()
    kept, _ = disposal.case()
    shared, shared_paper = disposal.case()
    other = disposal.world.case(disposal.world.new_class(), closed_on=None)
    [place] = shared_paper.filings.all()
    Filing.objects.create(
        document=shared_paper, case=other, section=place.section, is_home=False, filed_at=place.filed_at
    )
    version = paper.versions.get()
    reference = case.references.get().value
    disposal.pass_days(8)
    made = disposal.approved()
    disposal.pass_days(8)
    hold_case(disposal, kept.pk)
    execution.carry_out(by=disposal.world.actor("rm1"), list_id=made.pk)
    made = disposal.run(made.pk)
    issued = certificates.certificate_of(disposal.world.actor("rm1"), made)
    told = issued.content
    assert (told["certificate"], told["status"]) == (made.certificate.number, "final")
    [rule] = told["authority"]
    assert (rule["class"], rule["version"], rule["mandate"]) == (disposal.kind.code, 1, "The tests")
    assert told["list"]["number"] == made.number
    assert [told["list"][name]["account"] for name in ("made_by", "submitted_by", "carried_out_by")] == ["rm1"] * 3
    [approval] = told["approvals"]
    assert (approval["stage"], approval["by"]["account"]) == (1, "rm2")
    assert approval["at"]
    assert "under lock" in told["holds_checked"]
    gone = {one["record"]: one for one in told["records"]}[str(case.pk)]
    assert (gone["reference"], gone["class_version"], gone["documents"]) == (reference, 1, [str(paper.pk)])
    assert (gone["trigger_on"], gone["due_on"]) == ("2018-03-05", "2025-03-05")
    [content] = [one for one in gone["targets"] if one["locator"] == version.key]
    assert (content["sha256"], content["bytes"], content["result"]) == (version.sha256, version.bytes, "verified")
    assert "absence verified by a listing" in content["method"]
    assert (
        content["storage_version"]
        == ListItem.objects.get(record=case.pk).targets.get(locator=version.key).storage_version
    )
    [left] = told["not_destroyed"]
    assert (left["record"], bool(left["why"])) == (str(kept.pk), True)
    apart = {one["record"]: one for one in told["records"]}[str(shared.pk)]["targets"]
    assert [one["evidence"] for one in apart if one["kind"] == "case filing"] == ["unlinked, still filed in 1 case"]
    assert told["backups_clear_on"] > clock.today().isoformat()
    assert told["software"]["version"]
    assert len(told["audit"]["root"]) == 64
    assert issued.envelope["signatures"]
    assert_archival(certificates.pdf_of(issued), told["certificate"])


def assert_archival(content: bytes, number: str) -> None:
    """What PDF/A-2b asks for: it says so, its colours are defined, every font is inside, and nothing is hidden or runs."""
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as told:
        assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "B")
        assert number in told["dc:title"]
        [intent] = pdf.Root.OutputIntents
        assert (str(intent.S), int(intent.DestOutputProfile.N)) == ("/GTS_PDFA1", 3)
        assert not pdf.is_encrypted
        assert "/JavaScript" not in pdf.Root.get("/Names", {})
        fonts = [font for page in pdf.pages for font in page.Resources.Font.values()]
        assert fonts
        assert all("/FontFile2" in font.FontDescriptor for font in fonts)


@pytest.mark.requirement("RET-I4", "DOM-10.13")
def test_a_stub_keeps_what_its_class_lets_it_keep_and_nothing_else(disposal: Disposal) -> None:
    keeper = disposal.world.actor("rm1")
    left_out = (StubFact.TYPE, StubFact.OPENED_ON, StubFact.DOCUMENTS)
    disposal.kind = disposal.world.new_class(SEVEN_YEARS, stub_leaves_out=left_out)
    case, _ = disposal.case("secret words")
    reference = case.references.get().value
    disposal.pass_days(8)
    made = disposal.run(disposal.begun().pk)
    client = Client(headers={"Authorization": f"Bearer {disposal.world.courts.key('rm1')}"})
    answer = client.get("/api/v1/stubs", {"reference": reference}).json()
    [told] = [one for one in answer["results"] if one["kind"] == "case"]
    assert (told["reference"], told["class"]) == (reference, f"TESTS/{disposal.kind.code}")
    assert (told["authority"], told["due_on"]) == ("The tests", "2025-03-05")
    assert (told["type"], told["opened_on"]) == ("", None)
    assert told["certificate"] == made.certificate.number
    assert told["certificate_sha256"] == CertificateIssue.objects.latest("issue").sha256
    assert set(told) == {
        *("kind", "record", "reference", "type", "class", "class_version", "authority", "opened_on", "due_on"),
        *("destroyed_on", "certificate", "certificate_sha256", "transferred_to", "statement"),
    }
    [stub] = [one for one in stubs.find(keeper, reference) if one.kind == "case"]
    assert (stub.documents, stub.references, stub.trigger_on) == (0, [reference], date(2018, 3, 5))
    page = Client()
    page.force_login(disposal.world.courts.people["rm1"])
    shown = page.post(reverse("records-destroyed"), {"reference": reference}).content.decode()
    assert made.certificate.number in shown
    assert "secret" not in shown


@pytest.mark.requirement("RET-I5")
@pytest.mark.parametrize(("years", "is_reduced"), [(None, False), (20, True)])
def test_a_stub_stays_for_ever_unless_the_policy_says_otherwise_and_is_never_reduced_in_silence(
    disposal: Disposal, settings: Any, years: int | None, is_reduced: bool
) -> None:
    disposal.case()
    disposal.pass_days(8)
    disposal.run(disposal.begun().pk)
    with_disposal(settings, STUB_YEARS=years)
    Stub.objects.update(destroyed_on=clock.today() - timedelta(days=365 * 20 - 1))
    tending.tend()
    assert not Stub.objects.exclude(reduced_on=None).exists()  # not a day early
    Stub.objects.update(destroyed_on=clock.today() - timedelta(days=365 * 20 + 10))
    tending.tend()
    tending.tend()
    assert Stub.objects.filter(reduced_on=clock.today()).count() == (2 if is_reduced else 0)
    assert StubFingerprint.objects.exists() is not is_reduced
    assert AuditEvent.objects.filter(type="stubs.reduced").count() == int(is_reduced)
    for stub in Stub.objects.filter(kind="case"):
        assert bool(stub.reference) is not is_reduced
        assert stub.certificate  # that, and the dates, always stay


@pytest.mark.requirement("RET-H5")
@pytest.mark.parametrize(("years", "tile"), [(17, ""), (18, "years-18"), (19, "years-19"), (20, "years-20")])
def test_two_years_before_the_limit_of_the_law_and_each_year_after_it_is_said(
    world: World, years: int, tile: str
) -> None:
    forever = {"action": "review", "trigger": {"event": "case_closed"}, "period": "P99Y"}
    case = world.case(world.new_class(forever), closed_on=longer.years_back(clock.today(), years) - timedelta(days=1))
    world.advance(8)
    keeper = world.actor("rm1")
    figures = tiles.counts(keeper)
    assert {name for name, count in figures.items() if name.startswith("years-") and count} == ({tile} - {""})
    if tile == "years-20":
        with pytest.raises(InstrumentMissing):
            longer.extend(by=keeper, record=of_case(case), until=date(2199, 1, 1), reason="Still needed")
        longer.extend(
            by=keeper, record=of_case(case), until=date(2199, 1, 1), reason="Still needed", instrument="LCI 124"
        )
        assert tiles.counts(keeper)["years-20"] == 0
        assert Extension.objects.get().instrument == "LCI 124"


def test_a_class_with_an_instrument_is_not_said_to_pass_the_limit(world: World) -> None:
    forever = {"action": "review", "trigger": {"event": "case_closed"}, "period": "P99Y"}
    world.case(world.new_class(forever, instrument="LCI 99"), closed_on=date(2000, 1, 1))
    world.advance(8)
    assert not tiles.listed(world.actor("rm1"), "years-20", Filters()).exists()


@pytest.mark.requirement("RET-F8")
def test_kept_longer_within_the_most_of_its_class_unless_a_judge_says_otherwise(disposal: Disposal) -> None:
    disposal.kind = disposal.world.new_class({**SEVEN_YEARS, "maximum": "P10Y"})
    case, _ = disposal.case()
    disposal.pass_days(8)
    record, keeper, judge = of_case(case), disposal.world.actor("rm1"), disposal.world.actor("judge")
    for until, reason in ((date(2027, 1, 1), "Research"), (date(2028, 3, 5), "Research, longer")):
        longer.extend(by=keeper, record=record, until=until, reason=reason)
    with pytest.raises(BeyondMaximum):
        longer.extend(by=keeper, record=record, until=date(2029, 1, 1), reason="For ever")
    longer.extend(by=judge, record=record, until=date(2029, 1, 1), reason="Order of the court")
    assert [one.reason for one in Extension.objects.all()] == ["Research", "Research, longer", "Order of the court"]
    assert queries.evaluate_record(record).due_on == date(2029, 1, 1)
    page = Client()
    page.force_login(disposal.world.courts.people["rm1"])
    shown = page.get(reverse("case-retention", kwargs={"case_id": case.pk})).content.decode()
    assert "1 January 2029" in shown
    assert "5 March 2025" in shown  # what its rule says stays beside it
    act = reverse("case-retention-act", kwargs={"case_id": case.pk, "act": "extend"})
    assert page.post(act, {"until": "1 1 2030", "reason": ""}).status_code == 422
