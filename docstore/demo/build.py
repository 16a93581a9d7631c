"""Builds the demo court through the same actions as everything else, in two steps.

First people, cases and hearings, in seconds; then the papers, one at a time. Either step can be broken off and run
again: it passes over what is there. Writes nothing to the tables by itself.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from docstore.access.actions import OnlyInDemoCourt, create_person, grant_role, issue_demo_key, register_court
from docstore.access.actor import Actor, system
from docstore.access.key_scopes import STATION_SCOPES
from docstore.access.models import Court, User
from docstore.access.queries import actor_for, person
from docstore.cases import actions as cases
from docstore.cases.configuration import load_catalogue
from docstore.cases.listing import AlreadyInTheRoom, assign_duty
from docstore.cases.models import Case, Classification, Party, Reference, Side
from docstore.cases.references import parse
from docstore.core import clock, conf, locks
from docstore.core.jobs import Lane
from docstore.demo.archive import build_records
from docstore.demo.files import CASES
from docstore.demo.pace import ALL_AT_ONCE, Pace
from docstore.demo.people import BENCHES, COURTS, DUTIES, MACHINES, PASSWORD, PEOPLE
from docstore.demo.press import name_of, print_paper
from docstore.demo.spec import FIRST_COURT, DemoCase, DemoDocument, DemoParty, papers_of
from docstore.documents import actions as documents
from docstore.documents.models import Document, Version
from docstore.intake.actions import AlreadyFiled, Incoming, take_document
from docstore.intake.models import Station
from docstore.intake.stations import adopt_station
from docstore.retention.switch import ask_to_enable, confirm_enabling, switch

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What one run added."""

    people: int = 0
    cases: int = 0
    documents: int = 0


def build_court() -> Built:
    """Make courts, people, case types, cases and hearings where they are missing. Refused outside the demo court."""
    _require_demo()
    with locks.named("demo court"):
        people = _build_people()
        opened = sum(_open(one) for one in CASES if _case(one) is None)
        _link_cases()
        _put_to_work()
        _allow_destruction()
    return Built(people=people, cases=opened)


def build_documents(
    *, only: Sequence[DemoCase] = CASES, most_waiting: int = ALL_AT_ONCE, tell: Tell = lambda line: None
) -> Built:
    """File every paper that is not filed yet, those for the nearest hearings first; then close what is closed."""
    _require_demo()
    pace = Pace(most_waiting)
    with locks.named("demo papers"):
        folder = _fresh_folder()
        filed = sum(_file(one, folder, tell, pace) for one in _missing(only))
        _follow_up(only)
        _close_cases(only)
        if only is CASES:
            build_records()
    return Built(documents=filed)


def demo_key(username: str) -> str:
    """Return a fresh API key for a demo person; refused outside the demo court."""
    _require_demo()
    scopes = STATION_SCOPES if username in MACHINES else ()
    return issue_demo_key(by=_hand(), person=person(username), scopes=scopes)


def _require_demo() -> None:
    if not conf.get().is_demo:
        raise OnlyInDemoCourt


def _hand() -> Actor:
    return system("demo court")


def _fresh_folder() -> Path:
    """Return an empty folder for papers on their way; what a run that was broken off left there is thrown away."""
    folder = conf.get().state / "incoming" / "demo-papers"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _actor(username: str) -> Actor:
    return actor_for(person(username), method="system:demo court")


def _build_people() -> int:
    by = _hand()
    load_catalogue(by=by)
    courts = {court.code: court for court in Court.objects.all()}
    for court in COURTS:
        if court.code not in courts:
            courts[court.code] = register_court(
                by=by, code=court.code, name=court.name, jurisdictions=court.jurisdictions
            )
    there = set(User.objects.values_list("username", flat=True))
    missing = [one for one in PEOPLE if one.username not in there]
    for one in missing:
        with transaction.atomic():
            password = None if one.username in MACHINES else PASSWORD
            email = f"{one.username}@demo.docstore.example"
            made = create_person(by=by, username=one.username, name=one.name, password=password, email=email)
            grant_role(by=by, person=made, role=one.role, court=courts.get(one.court))
    _build_stations(courts)
    return len(missing)


def _build_stations(courts: dict[str, Court]) -> None:
    known = set(Station.objects.values_list("user__username", flat=True))
    for one in PEOPLE:
        if one.username in MACHINES - known:
            adopt_station(by=_hand(), user=person(one.username), court=courts[one.court], name=one.name)


def _case(one: DemoCase) -> Case | None:
    kind, value = one.references[0]
    found = Reference.objects.filter(kind=kind, value=value).select_related("case").first()
    return found.case if found else None


@transaction.atomic
def _open(one: DemoCase) -> bool:
    """Open one case with all that hangs on it, or none of it."""
    by = _actor(one.clerk)
    case = cases.open_case(
        by=by,
        title=one.title,
        court=one.court,
        case_type=one.case_type,
        references=[parse(kind, value, pointer="") for kind, value in one.references],
        classification=Classification.RESTRICTED if one.restricted else Classification.PRIVATE,
    )
    for username, role in one.members:
        cases.add_member(by=by, case_id=case.pk, person=person(username), role=role)
    for party in one.parties:
        _add_party(by, case.pk, party)
    for hearing in one.hearings:
        starts_at = datetime.combine(
            _first_day() + timedelta(days=hearing.day), time.fromisoformat(hearing.at), tzinfo=clock.COURT_ZONE
        )
        cases.list_hearing(
            by=by,
            case_id=case.pk,
            room=hearing.room,
            starts_at=starts_at,
            kind=hearing.kind,
            heard=hearing.day < 0,
            judges=BENCHES.get((one.court, hearing.room), ""),
        )
    if one.restriction:
        cases.restrict_reporting(by=by, case_id=case.pk, restriction=one.restriction)
    for username, reason in one.excluded:
        cases.exclude_person(by=by, case_id=case.pk, person=person(username), reason=reason)
    if one.sealed:
        cases.seal_case(by=by, case_id=case.pk, reason=one.sealed)
    return True


def _allow_destruction() -> None:
    """Two records managers switch destruction on, as two people have to anywhere; it is off in a new installation."""
    if switch().enabled_at is None:
        ask_to_enable(by=_actor("records"), reason="So that the demo court can be tried out.")
        confirm_enabling(by=_actor("records2"), reason="So that the demo court can be tried out.")


def _add_party(by: Actor, case_id: UUID, one: DemoParty) -> None:
    """Name the party and, where a demo person acts for it, put that person on the case for this party alone."""
    side = Side(one.side)
    made: Party = cases.add_party(
        by=by,
        case_id=case_id,
        name=one.name,
        role=one.role,
        side=side,
        representative=one.representative,
        note=one.note,
    )
    if one.acts:
        role = "prosecutor" if one.acts == "prosecutor" else "defence"
        cases.add_member(by=by, case_id=case_id, person=person(one.acts), role=role, side=one.side, party=made)


def _first_day() -> date:
    """Return the day on which the demo court was built: today, or the day its cases were opened."""
    first = Case.objects.filter(references__value=CASES[0].reference).values_list("opened_on", flat=True).first()
    return first or clock.today()


def _put_to_work() -> None:
    """Put people into the courtrooms of the first days."""
    for username, room, day in DUTIES:
        with suppress(AlreadyInTheRoom):
            assign_duty(
                by=_actor("listing"),
                court=FIRST_COURT,
                room=room,
                day=_first_day() + timedelta(days=day),
                person=person(username),
            )


def _link_cases() -> None:
    by_key = {one.key: one for one in CASES}
    for one in CASES:
        for key, reason in one.links:
            case, other = _case(one), _case(by_key[key])
            if case and other and not case.links.filter(other=other).exists():
                cases.link_cases(by=_actor(one.clerk), case_id=case.pk, other_id=other.pk, reason=reason)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A paper that has not been filed yet."""

    case: DemoCase
    place: int
    document: DemoDocument


def _missing(among: Sequence[DemoCase]) -> Iterator[_Waiting]:
    """Yield what is still to be filed, papers for the nearest hearings first."""
    filed = set(Version.objects.filter(number=1).values_list("original_name", flat=True))

    def nearness(case: DemoCase) -> int:
        return min((hearing.day for hearing in case.hearings if hearing.day >= 0), default=1000)

    for case, place, document in papers_of(sorted(among, key=nearness)):
        if name_of(case, place, document) not in filed:
            yield _Waiting(case, place, document)


def _file(one: _Waiting, folder: Path, tell: Tell, pace: Pace) -> bool:
    case = _case(one.case)
    if case is None or not case.is_open:
        return False
    pace.wait()
    printed = print_paper(one.case, one.place, one.document, first_day=_first_day())
    path = folder / printed.name
    path.write_bytes(printed.content)
    digest = hashlib.sha256(printed.content).hexdigest()
    try:
        document = take_document(
            by=_actor(one.document.by),
            case_id=case.pk,
            section=one.document.section,
            incoming=Incoming(path, printed.name, None, len(printed.content), digest),
            title=one.document.title,
            type=one.document.type,
            dated_on=_first_day() - timedelta(days=one.document.age),
            classification=Classification.RESTRICTED if one.document.restricted else None,
            language=one.document.language,
            # Whoever tries the demo court files papers of their own: those go first.
            lane=Lane.BULK,
        )
    except AlreadyFiled:
        return False
    finally:
        path.unlink()
    _follow_up_one(one.case, one.document, document)
    tell(f"{one.case.title}: {one.document.title}")
    return True


def _follow_up(among: Sequence[DemoCase]) -> None:
    """Seal, withdraw and show elsewhere what a run that was broken off had filed and not come to."""
    for case, place, spec in papers_of(among):
        if not (spec.sealed or spec.withdrawn or spec.shown_on):
            continue
        name = name_of(case, place, spec)
        version = Version.objects.filter(number=1, original_name=name).select_related("document").first()
        if version is not None:
            _follow_up_one(case, spec, version.document)


def _follow_up_one(case: DemoCase, spec: DemoDocument, document: Document) -> None:
    by = _actor(case.clerk)
    if spec.sealed and not document.sealed:
        named = tuple(person(one) for one in spec.named)
        documents.seal(by=by, document_id=document.pk, seen=document.etag, reason=spec.sealed, named=named)
    if spec.withdrawn and not document.is_withdrawn:
        documents.withdraw(by=by, document_id=document.pk, seen=document.etag, reason=spec.withdrawn)
    if spec.shown_on:
        key, section = spec.shown_on
        other = next(filter(None, (_case(one) for one in CASES if one.key == key)), None)
        if other and not document.filings.filter(case=other).exists():
            documents.show_on(by=by, document_id=document.pk, seen=document.etag, case_id=other.pk, section=section)


def _close_cases(among: Sequence[DemoCase]) -> None:
    for one in among:
        case = _case(one)
        if one.closed and case and case.is_open:
            day, outcome = one.closed
            cases.close_case(
                by=_actor(one.clerk),
                case_id=case.pk,
                closed_on=_first_day() + timedelta(days=day),
                outcome=outcome,
                reason="Dealt with.",
            )
