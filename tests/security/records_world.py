"""What the access matrix needs of retention: a class with a draft, a hold, and a trigger on each of the two cases."""

from datetime import date, timedelta
from typing import Any

from docstore.access import actions as access
from docstore.access.actor import system
from docstore.cases.models import Case
from docstore.core import clock
from docstore.retention import actions, erasures, holds, off_schedule, packaging, schedules, transfers
from docstore.retention.disposal_models import Certificate, DisposalList, Ground
from docstore.retention.drafts import Draft, parse_steps
from docstore.retention.erasure_models import ErasureFinding
from docstore.retention.erasures import RequestTold
from docstore.retention.holds import HoldTold, Targets
from docstore.retention.models import ClassVersion, ClosureProposal, DisposalClass
from docstore.retention.schedules import ClassTold
from docstore.retention.transfers import TransferTold
from docstore.retention.vocabulary import AppliesTo, HoldKind, Level, Record, RecordKind, Source
from tests.courts import TwoCourts

CODE, SCHEDULE = "MATRIX-1", "MATRIX"
STARTER = (
    "code,jurisdiction,court,series,level,trigger,period,action,notes,source,confidence\n"
    "M-1,E&W,A court,Files,case,case_closed,P7Y,destroy,,A schedule,H\n"
)
Things = dict[str, dict[str, Any]]


def build(courts: TwoCourts) -> Things:
    """Return, for what is visible, hidden and absent, the ids that addresses name."""
    for name in ("keeper", "keeper2"):
        person = access.create_person(by=system("tests"), username=name, name=name.title(), password=None)
        access.grant_role(by=system("tests"), person=person, role="records", court=None)
        courts.people[name] = person
    kind = _class(courts)
    draft = _draft(courts, kind, clock.today() + timedelta(days=30))
    hold = holds.place_hold(
        by=courts.actor("keeper"),
        told=HoldTold(
            HoldKind.CASE,
            "Inquiry",
            "A test",
            "The tests",
            clock.today() + timedelta(days=100),
            Targets(cases=(courts.other.pk,)),
        ),
    ).hold
    seen, hidden = _trigger(courts, "clerk", courts.case.pk), _trigger(courts, "clerk2", courts.other.pk)
    made = _list(courts)
    named = {"class_id": kind.pk, "version_id": draft.pk, "hold_id": hold.pk, "code": SCHEDULE}
    named |= {"list_id": made.pk, "certificate": made.certificate.number, "listed_id": made.items.get().pk}
    named |= {"schedule": SCHEDULE, **_handed_over(courts)}
    stale = {which: _proposal(case) for which, case in (("visible", courts.case), ("hidden", courts.other))}
    return {
        "visible": {**named, "trigger_id": seen, "proposal_id": stale["visible"]},
        "hidden": {**named, "trigger_id": hidden, "proposal_id": stale["hidden"]},
        "absent": {**named, "trigger_id": 10**9, "proposal_id": 10**9},
    }


def bodies(case_id: str, document_id: str) -> dict[str, dict[str, Any]]:
    """What each address is sent, well formed."""
    reason = {"reason": "A test"}
    trigger = {"type": "sentence_end", "event_on": "2040-01-01", "source": "user", **reason}
    step = {"action": "destroy", "trigger": {"event": "case_closed"}, "period": "P8Y"}
    told = {"description": "A test", "mandate": "The tests", "scope_notes": "None"}
    return {
        "api-disposal-lists": {},
        "api-disposal-decide": {"filter": {}, "decision": "exclude", **reason},
        "api-disposal-submit": {},
        "api-disposal-approve": {"stage": 1, "confirm": _number()},
        "api-disposal-dry-run": {},
        "api-disposal-carry-out": {},
        "api-off-schedule": {"kind": "document", "record": document_id, "ground": "court_order", **reason},
        "api-close": {"closed_on": "2020-01-31", "outcome": "concluded", **reason},
        "api-case-triggers": trigger,
        "api-document-triggers": trigger,
        "api-case-retention": {"class": CODE, **reason},
        "api-document-retention": {"class": CODE, **reason},
        "api-classes": {"schedule": SCHEDULE, "code": "NEW-1", "title": "New", "level": "case", **told},
        "api-class-versions": {"effective_from": "2099-01-01", "applies_to": "all_live", "steps": [step]},
        "api-preview-version": {},
        "api-submit-version": {},
        "api-approve-version": {},
        "api-holds": {
            "kind": "case",
            "title": "Inquiry",
            "mandate": "The tests",
            "review_on": "2099-01-01",
            "targets": {"cases": [case_id]},
            **reason,
        },
    }


def _number() -> str:
    return DisposalList.objects.values_list("number", flat=True).get()


def _list(courts: TwoCourts) -> DisposalList:
    """A list of one case that somebody has asked to destroy, with the number that its certificate will bear."""
    case = courts.open_case()
    made = off_schedule.ask(
        by=courts.actor("keeper"), kind="case", record_id=case.pk, ground=Ground.COURT_ORDER, reason="A test"
    )
    Certificate.objects.create(number="C-MATRIX", list=made, given_at=clock.now())
    return made


def _handed_over(courts: TwoCourts) -> dict[str, Any]:
    """A case on its way to an archive with its package, and a request to erase with one record."""
    keeper = courts.actor("keeper")
    keep = schedules.define_class(
        by=keeper, told=ClassTold(SCHEDULE, "KEEP", "A class", "A test", "The tests", "None", Level.CASE)
    )
    step = {"action": "transfer", "trigger": {"none": True}}
    draft = Draft(date(2000, 1, 1), AppliesTo.ALL_LIVE, 0, parse_steps([step]))
    version = schedules.draft_version(by=keeper, class_id=keep.pk, draft=draft)
    schedules.submit_version(by=keeper, version_id=version.pk)
    schedules.approve_version(by=courts.actor("keeper2"), version_id=version.pk)
    case = courts.open_case()
    courts.file("a paper that is kept", case=case)  # a case without papers makes no bag
    record = Record(RecordKind.CASE, case.pk)
    actions.assign_class(by=keeper, record=record, code=f"{SCHEDULE}/KEEP", reason="A test")
    made = transfers.prepare(
        by=keeper, records=[record], told=TransferTold("An archive", closed_years=50, exemption="32")
    )
    packaging.tend(made.pk)
    told = RequestTold("Zed Zephyr", "Everything", "Passport seen", clock.today())
    request = erasures.receive(by=keeper, told=told)
    finding = ErasureFinding.objects.create(
        request=request, kind="case", record_id=courts.case.pk, found_by="party", outcome="NOT_DUE", basis="The law"
    )
    return {"transfer_id": made.pk, "request_id": request.pk, "finding_id": finding.pk}


def _proposal(case: Case) -> int:
    """A case that was proposed for closing, as the night proposes it."""
    row = ClosureProposal.objects.create(
        case=case.pk, last_activity_on=date(2018, 1, 1), confidence=60, proposed_at=clock.now()
    )
    return row.pk


def _class(courts: TwoCourts) -> DisposalClass:
    kind = schedules.define_class(
        by=courts.actor("keeper"), told=ClassTold(SCHEDULE, CODE, "A class", "A test", "The tests", "None", Level.CASE)
    )
    version = _draft(courts, kind, date(2000, 1, 1))
    schedules.submit_version(by=courts.actor("keeper"), version_id=version.pk)
    schedules.approve_version(by=courts.actor("keeper2"), version_id=version.pk)
    return kind


def _draft(courts: TwoCourts, kind: DisposalClass, start: date) -> ClassVersion:
    step = {"action": "destroy", "trigger": {"event": "case_closed"}, "period": "P7Y"}
    draft = Draft(start, AppliesTo.ALL_LIVE, 0, parse_steps([step]))
    return schedules.draft_version(by=courts.actor("keeper"), class_id=kind.pk, draft=draft)


def _trigger(courts: TwoCourts, who: str, case_id: Any) -> int:
    return actions.record_trigger(
        by=courts.actor(who),
        record=Record(RecordKind.CASE, case_id),
        type="final_order",
        event_on="2020-01-31",
        source=Source.USER,
        reason="A test",
    ).pk
