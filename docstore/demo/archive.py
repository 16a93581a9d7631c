"""The demo court's records: a schedule in force, the published starter classes as drafts, old cases and two holds.

Every period of the schedule in force is an illustration; a court takes its own from its records authority.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from docstore.access.actor import Actor, system
from docstore.access.queries import actor_for, person
from docstore.cases import actions as cases
from docstore.cases.models import Case, CaseType, Reference, Side
from docstore.cases.references import parse
from docstore.core import clock, conf
from docstore.demo.spec import FIRST_COURT, SECOND_COURT, ccd
from docstore.intake.actions import Incoming, take_document
from docstore.retention import actions, holds, interchange, nightly, schedules
from docstore.retention.drafts import Draft, parse_steps
from docstore.retention.hold_models import Hold
from docstore.retention.holds import HoldTold, Targets
from docstore.retention.models import AssignmentRule, DisposalClass, Schedule
from docstore.retention.schedules import ClassTold
from docstore.retention.vocabulary import AppliesTo, HoldKind, Level, RecordKind, Source

STARTER = Path(__file__).parent / "schedules" / "starter.csv"
SCHEDULE = "DEMO"
MANDATE = "An illustration for the demo court. Ask the records authority before use."


@dataclass(frozen=True, slots=True)
class DemoClass:
    """A class in force, and the case type that its rule gives it to."""

    code: str
    title: str
    case_type: str
    steps: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class OldCase:
    """A case that ended years ago, taken over from an earlier system."""

    number: int
    title: str
    court: str
    case_type: str
    party: str
    closed_on: date
    outcome: str


def _after(event: str, period: str, action: str = "destroy", **more: object) -> dict[str, object]:
    return {"action": action, "trigger": {"event": event}, "period": period, **more}


CLASSES = (
    DemoClass("D-MAG", "Magistrates’ court case files", "crime-magistrates", (_after("case_closed", "P3Y"),)),
    DemoClass(
        "D-CROWN",
        "Crown Court case files",
        "crime-crown",
        (
            {
                "action": "destroy",
                "trigger": {"max": [{"event": "case_closed", "period": "P7Y"}, {"event": "sentence_end"}]},
            },
        ),
    ),
    DemoClass(
        "D-FAMILY",
        "Family files, stripped and then kept",
        "family",
        (
            _after("case_closed", "P18Y", "strip", keep_types=["order"]),
            {"action": "destroy", "trigger": {"previous_step": "original"}, "period": "P100Y"},
        ),
    ),
    DemoClass("D-CIVIL", "Civil claim files", "civil", (_after("last_paper", "P7Y"),)),
    DemoClass("D-EMPL", "Employment claims, heard and determined", "employment", (_after("case_closed", "P12M"),)),
)
OLD = (
    OldCase(801, "R v Cartmel", FIRST_COURT, "crime-magistrates", "Silas Cartmel", date(2019, 3, 4), "Fined"),
    OldCase(
        802, "R v Oxenholme", FIRST_COURT, "crime-magistrates", "Perdita Oxenholme", date(2020, 7, 21), "Dismissed"
    ),
    OldCase(
        803,
        "R v Lamplugh and Lamplugh",
        FIRST_COURT,
        "crime-magistrates",
        "Hector Lamplugh",
        date(2021, 11, 2),
        "Community order",
    ),
    OldCase(804, "R v Gatebeck", FIRST_COURT, "crime-magistrates", "Ottoline Gatebeck", date(2022, 5, 16), "Fined"),
    OldCase(
        805, "R v Sandside", FIRST_COURT, "crime-magistrates", "Jago Sandside", date(2024, 1, 9), "Absolute discharge"
    ),
    OldCase(806, "R v Beetham", FIRST_COURT, "crime-magistrates", "Leopold Beetham", date(2024, 4, 30), "Fined"),
    OldCase(
        807, "R v Arnside", FIRST_COURT, "crime-crown", "Calliope Arnside", date(2016, 2, 12), "Convicted, four years"
    ),
    OldCase(
        808, "R v Silverdale", FIRST_COURT, "crime-crown", "Bartholomew Silverdale", date(2018, 9, 28), "Acquitted"
    ),
    OldCase(
        809,
        "Re the children of Yealand",
        FIRST_COURT,
        "family",
        "Marigold Yealand",
        date(2004, 6, 7),
        "Final order made",
    ),
    OldCase(
        810, "Carnforth Ironmongers v Holme Mills", SECOND_COURT, "civil", "Holme Mills", date(2017, 10, 3), "Settled"
    ),
    OldCase(
        811,
        "Dalton v Burton Stonemasons",
        SECOND_COURT,
        "employment",
        "Burton Stonemasons",
        date(2025, 3, 19),
        "Dismissed",
    ),
    OldCase(
        812, "Warton v Kellet Bakeries", SECOND_COURT, "employment", "Kellet Bakeries", date(2025, 12, 11), "Upheld"
    ),
)


def build_records() -> None:
    """Make schedule, rules, old cases and holds where they are missing. Can be broken off and run again."""
    first, second = _actor("records"), _actor("records2")
    if not Schedule.objects.filter(code="STARTER").exists():
        interchange.import_schedule(by=first, content=STARTER.read_bytes(), schedule="STARTER")
    for one in CLASSES:
        _make_class(one, first, second)
    for old in OLD:
        _open_old(old)
    if not DisposalClass.objects.get(code="D-MAG").versions.filter(number=2).exists():
        _draft_longer(first)
    _place_holds(first)
    nightly.pass_night(by=system("demo court"))


def _actor(username: str) -> Actor:
    return actor_for(person(username), method="system:demo court")


def _make_class(one: DemoClass, first: Actor, second: Actor) -> None:
    if DisposalClass.objects.filter(schedule__code=SCHEDULE, code=one.code).exists():
        return
    told = ClassTold(SCHEDULE, one.code, one.title, f"{one.title}.", MANDATE, "None.", Level.CASE)
    kind = schedules.define_class(by=first, told=told)
    draft = Draft(date(2000, 1, 1), AppliesTo.ALL_LIVE, None, parse_steps([*one.steps]))
    version = schedules.draft_version(by=first, class_id=kind.pk, draft=draft)
    schedules.submit_version(by=first, version_id=version.pk)
    schedules.approve_version(by=second, version_id=version.pk)
    case_type = CaseType.objects.get(code=one.case_type)
    schedules.make_rule(by=first, rule=AssignmentRule(level=RecordKind.CASE, disposal_class=kind, case_type=case_type))


def _draft_longer(by: Actor) -> None:
    """A wording that waits for the second records manager."""
    kind = DisposalClass.objects.get(schedule__code=SCHEDULE, code="D-MAG")
    start = clock.today() + timedelta(days=60)
    draft = Draft(start, AppliesTo.ALL_LIVE, None, parse_steps([_after("case_closed", "P5Y")]))
    version = schedules.draft_version(by=by, class_id=kind.pk, draft=draft)
    schedules.submit_version(by=by, version_id=version.pk)


def _open_old(old: OldCase) -> None:
    kind, value = ccd(old.number)
    found = Reference.objects.filter(kind=kind, value=value).select_related("case").first()
    clerk = _actor("clerk" if old.court == FIRST_COURT else "clerk2")
    case = found.case if found else _open(old, clerk)
    if not case.is_open:
        return
    if not case.filings.exists():
        _file_letter(old, case, clerk)
    actions.close_case(
        by=clerk,
        case_id=case.pk,
        closed_on=old.closed_on,
        outcome=old.outcome,
        reason="Taken over from the earlier system.",
        confirmed=(actions.UNUSUAL_DATE,),
        source=Source.INTEGRATION,
        provisional_until=clock.today(),
    )


def _open(old: OldCase, clerk: Actor) -> Case:
    kind, value = ccd(old.number)
    reference = parse(kind, value, pointer="")
    case = cases.open_case(by=clerk, title=old.title, court=old.court, case_type=old.case_type, references=[reference])
    side = Side.DEFENCE if old.case_type.startswith("crime") else Side.RESPONDENT
    role = "Defendant" if old.case_type.startswith("crime") else "Respondent"
    cases.add_party(by=clerk, case_id=case.pk, name=old.party, role=role, side=side)
    return case


def _file_letter(old: OldCase, case: Case, clerk: Actor) -> None:
    content = (
        f"{old.title}\n\nThe file was closed on {old.closed_on:%d %B %Y}: {old.outcome.lower()}.\n"
        f"Nothing further is expected of {old.party}. The papers go to the store in box {old.number}.\n"
    ).encode()
    folder = conf.get().state / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"closing-letter-{old.number}.txt"
    path.write_bytes(content)
    incoming = Incoming(path, path.name, None, len(content), hashlib.sha256(content).hexdigest())
    section = "management" if old.case_type.startswith("crime") else "correspondence"
    try:
        take_document(
            by=clerk, case_id=case.pk, section=section, incoming=incoming, title="Closing letter", type="letter"
        )
    finally:
        path.unlink(missing_ok=True)


def _place_holds(by: Actor) -> None:
    held = Case.objects.filter(title="R v Oxenholme").first()
    standing = set(Hold.objects.values_list("title", flat=True))
    review = clock.today() + timedelta(days=180)
    if held and "Complaint about the handling of exhibits" not in standing:
        _hold(by, HoldKind.CASE, "Complaint about the handling of exhibits", review, Targets(cases=(held.pk,)))
    if "Public inquiry into the harbour works" not in standing:
        _hold(by, HoldKind.PERSON, "Public inquiry into the harbour works", review, Targets(people=("Silas Cartmel",)))


def _hold(by: Actor, kind: HoldKind, title: str, review: date, targets: Targets) -> None:
    reason, mandate = "Papers may be asked for.", "Letter of the inquiry’s secretary to the records office."
    told = HoldTold(kind, title, reason, mandate, review, targets)
    holds.place_hold(by=by, told=told)
