"""Many closed cases under one class, and how long it takes to work them out. Run in a process of its own by `retention`.

Writes rows in bulk, past the actions: closing 100,000 cases one by one would be another measurement.
"""

import json
import random
import resource
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from docstore.access import actions as access
from docstore.access.actor import Actor, system
from docstore.access.models import User
from docstore.access.queries import actor_for
from docstore.cases import configuration
from docstore.cases.models import Case, CaseStatus, CaseType
from docstore.core import clock
from docstore.retention import facts, nightly, policy, schedules, status
from docstore.retention.drafts import Draft, parse_steps
from docstore.retention.evaluate import evaluate
from docstore.retention.models import Assignment, DisposalClass, Recomputation, RetentionStatus, Trigger
from docstore.retention.schedules import ClassTold
from docstore.retention.vocabulary import AppliesTo, Level, Origin, Record, RecordKind, Source, TriggerType

BATCH = 500
STEP = {"action": "destroy", "trigger": {"max": [{"event": "case_closed", "period": "P7Y"}, {"event": "sentence_end"}]}}
LONGER = {"action": "destroy", "trigger": {"event": "case_closed"}, "period": "P12Y"}


def main(count: int) -> None:
    """Build, measure, print the figures as JSON."""
    call_command("migrate", verbosity=0)
    first, second = people()
    kind = schedules.define_class(
        by=first, told=ClassTold("BENCH", "B-1", "Files", "All", "The bench", "None", Level.CASE)
    )
    approve_version(kind, STEP, date(2000, 1, 1), first, second)
    ids = write_cases(kind, count)
    before = _memory()
    told = {"loaded": _loaded(ids), "pure": _pure(ids[: BATCH * 4]), "memory": 0}
    told["memory"] = _memory() - before
    nightly.pass_night()
    begun = time.perf_counter()
    nightly.pass_night()
    told["night"] = time.perf_counter() - begun
    approve_version(kind, LONGER, clock.today() + timedelta(days=1), first, second)
    told |= _recompute()
    print(json.dumps(told))


def people() -> tuple[Actor, Actor]:
    by = system("bench")
    configuration.load_catalogue(by=by)
    access.register_court(by=by, code="NGT", name="Northgate", jurisdictions="crime")
    made: list[User] = []
    for name in ("first", "second"):
        made.append(access.create_person(by=by, username=name, name=name, password=None))
        access.grant_role(by=by, person=made[-1], role="records", court=None)
    return actor_for(made[0], method="bench"), actor_for(made[1], method="bench")


def approve_version(kind: DisposalClass, step: dict[str, object], start: date, first: Actor, second: Actor) -> None:
    draft = Draft(start, AppliesTo.ALL_LIVE, 0, parse_steps([step]))
    version = schedules.draft_version(by=first, class_id=kind.pk, draft=draft)
    schedules.submit_version(by=first, version_id=version.pk)
    schedules.approve_version(by=second, version_id=version.pk)


def write_cases(
    kind: DisposalClass, count: int, *, closed_on: date | None = None, sentenced: int = 1
) -> list[uuid.UUID]:
    """Write closed cases under a class: on many days, or all on one. Of every `sentenced`th the end of a sentence is known."""
    random.seed(7)
    now, case_type = clock.now(), CaseType.objects.get(code="crime-crown")
    court = access.Court.objects.order_by("pk")[0]
    ids = []
    for _ in range(0, count, 5000):
        rows = [_case(court.pk, case_type.pk, closed_on) for _ in range(min(5000, count - len(ids)))]
        Case.objects.bulk_create(rows)
        Assignment.objects.bulk_create(
            Assignment(kind=RecordKind.CASE, record_id=one.pk, disposal_class=kind, origin=Origin.RULE, assigned_at=now)
            for one in rows
        )
        Trigger.objects.bulk_create(_trigger(one, TriggerType.CASE_CLOSED) for one in rows)
        Trigger.objects.bulk_create(_trigger(one, TriggerType.SENTENCE_END) for one in rows[::sentenced])
        ids += [one.pk for one in rows]
    return ids


def _case(court: int, case_type: int, day: date | None) -> Case:
    closed_on = day or date(2000, 1, 1) + timedelta(days=random.randrange(9000))
    return Case(
        title="R v Bench",
        court_id=court,
        case_type_id=case_type,
        status=CaseStatus.CLOSED,
        opened_on=closed_on,
        closed_on=closed_on,
        created_at=clock.now(),
    )


def _trigger(case: Case, type_: TriggerType) -> Trigger:
    assert case.closed_on is not None
    later = random.randrange(4000) if type_ is TriggerType.SENTENCE_END else 0
    return Trigger(
        kind=RecordKind.CASE,
        record_id=case.pk,
        type=type_,
        event_on=case.closed_on + timedelta(days=later),
        zone="Europe/London",
        source=Source.INTEGRATION,
        recorded_at=clock.now(),
    )


def _loaded(ids: list[uuid.UUID]) -> float:
    begun = time.process_time()
    for batch in _batches(ids):
        status.evaluations(batch, as_of=clock.today())
    return len(ids) / (time.process_time() - begun)


def _pure(ids: list[uuid.UUID]) -> float:
    subjects = facts.load_subjects([Record(RecordKind.CASE, one) for one in ids])
    chosen, today = policy.settings(), clock.today()
    begun = time.process_time()
    for _ in range(5):
        for subject in subjects.values():
            evaluate(subject, settings=chosen, as_of=today)
    return 5 * len(subjects) / (time.process_time() - begun)


def _recompute() -> dict[str, float]:
    """Work the records of the new wording out, and note how long the longest transaction took."""
    longest, last = 0.0, time.perf_counter()

    def watch(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        nonlocal longest, last
        if sql.startswith("BEGIN"):
            last = time.perf_counter()
        longest = max(longest, time.perf_counter() - last)
        return execute(sql, params, many, context)  # type: ignore[operator] # Django's own callable

    run = Recomputation.objects.latest("id")
    RetentionStatus.objects.update(inputs_hash="")  # so that every answer is stored anew, as after a real change
    begun = time.perf_counter()
    with connection.execute_wrapper(watch):
        done = nightly.recompute_run(run.pk)
    return {"recompute": done.seen / (time.perf_counter() - begun), "longest": longest}


def _batches(ids: list[uuid.UUID]) -> Iterator[list[Record]]:
    for at in range(0, len(ids), BATCH):
        yield [Record(RecordKind.CASE, one) for one in ids[at : at + BATCH]]


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main(int(sys.argv[1]))
