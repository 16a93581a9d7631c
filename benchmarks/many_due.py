"""Many cases due on one day: listed, decided by filter, approved, carried out, stopped and gone on with, while pages are read.

Run in a process of its own by `disposal`; the reader of pages is one more process beside the worker.
"""

import json
import subprocess
import sys
import time
from datetime import date, timedelta

import django
from django.core.management import call_command

django.setup()

from django.test import Client

from benchmarks import many_records
from benchmarks.due_papers import write_papers
from docstore.access import actions as access
from docstore.access.actor import Actor, system
from docstore.access.models import User
from docstore.cases.models import Case
from docstore.core import clock
from docstore.retention import approvals, decisions, execution, lists, nightly, schedules, switch
from docstore.retention.decisions import Said
from docstore.retention.disposal_models import BEGUN, Decision, DisposalList, ItemState, ListItem, ListStatus
from docstore.retention.schedules import ClassTold
from docstore.retention.vocabulary import Level
from docstore.search.engine import configured
from docstore.search.engines.opensearch import OpenSearchEngine

LONGEST_RESUME = 60
STEP = {"action": "destroy", "trigger": {"event": "case_closed"}, "period": "P7Y"}


def main(count: int, papers: int, seconds: float) -> None:
    """Build, measure, print the figures as JSON."""
    call_command("migrate", verbosity=0)
    first, second = many_records.people()
    reader = access.create_person(by=system("bench"), username="reader", name="Reader", password=None)
    access.grant_role(by=system("bench"), person=reader, role="clerk", court=access.Court.objects.get())
    told = ClassTold("BENCH", "B-1", "Files", "All", "The bench", "None", Level.CASE)
    kind = schedules.define_class(by=first, told=told)
    many_records.approve_version(kind, STEP, date(2000, 1, 1), first, second)
    write_papers(many_records.write_cases(kind, count, closed_on=date(2010, 3, 5))[:papers])
    switch.ask_to_enable(by=first, reason="The bench")
    switch.confirm_enabling(by=second, reason="The bench")
    nightly.pass_night()
    figures: dict[str, float] = {"cases": count, "papers": papers}
    made = _list(first, second, figures)
    clock.advance(timedelta(days=8))
    execution.begin(by=first, list_id=made.pk)
    try:
        figures |= _carried_out(made, first, seconds)
    finally:
        if isinstance(backend := configured(), OpenSearchEngine):
            backend.drop()
    print(json.dumps(figures), file=sys.stderr)
    print(json.dumps(figures))


def _list(first: Actor, second: Actor, figures: dict[str, float]) -> DisposalList:
    def timed(name: str, begun: float) -> None:
        figures[name] = time.perf_counter() - begun
        print(f"{name}: {figures[name]:.1f} s", file=sys.stderr, flush=True)

    begun = time.perf_counter()
    made = lists.make_list(by=first)
    timed("listed", begun)
    begun = time.perf_counter()
    decisions.decide(
        by=first, list_id=made.pk, said=Said(Decision.APPROVE, "Due"), filters={}, expected=made.items_total
    )
    timed("decided", begun)
    begun = time.perf_counter()
    lists.submit(by=first, list_id=made.pk)
    approvals.approve(by=second, list_id=made.pk, stage=1, confirm=made.number)
    timed("approved", begun)
    return made


def _carried_out(made: DisposalList, by: Actor, seconds: float) -> dict[str, float]:
    """Have a worker carry the list out for some seconds, read pages meanwhile, stop it, and go on."""
    quiet = _pages(3)
    worker = _worker(made)
    busy = _pages(seconds)
    begun = time.perf_counter()
    execution.stop(by=by, list_id=made.pk, reason="The bench")
    worker.wait()
    stopped = time.perf_counter() - begun
    done = ListItem.objects.filter(state=ItemState.DESTROYED).count()
    time.sleep(2)
    after = ListItem.objects.filter(state=ItemState.DESTROYED).count()
    left = ListItem.objects.filter(state__in=BEGUN).count()
    execution.begin(by=by, list_id=made.pk)
    worker = _worker(made)
    until = time.perf_counter() + LONGEST_RESUME
    while ListItem.objects.filter(state=ItemState.DESTROYED).count() == done and time.perf_counter() < until:
        time.sleep(0.5)
    execution.stop(by=by, list_id=made.pk, reason="The bench")
    worker.wait()
    more = ListItem.objects.filter(state=ItemState.DESTROYED).count()
    return {
        "a_second": done / seconds,
        "stopped": stopped,
        "after_stop": after - done,
        "in_hand": left,
        "gone_on": more - done,
        "quiet_p95": quiet,
        "busy_p95": busy,
    }


def _worker(made: DisposalList) -> "subprocess.Popen[bytes]":
    """A process that takes turns as the queue's worker does, until the list is stopped or finished."""
    return subprocess.Popen([sys.executable, "-m", "benchmarks.many_due", "turns", str(made.pk)])


def take_turns(list_id: str) -> None:
    while DisposalList.objects.get(pk=list_id).status == ListStatus.CARRYING_OUT:
        execution.take_turn(DisposalList.objects.get(pk=list_id).pk)


def _pages(seconds: float) -> float:
    """Read case pages one after another for some seconds; return the 95th percentile of the answers in seconds."""
    client, taken = Client(), []
    client.force_login(User.objects.get(username="reader"))
    ids = list(Case.objects.filter(lifecycle="ACTIVE").order_by("-pk").values_list("pk", flat=True)[:200])
    until, at = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        begun = time.perf_counter()
        client.get(f"/cases/{ids[at % len(ids)]}/")
        taken.append(time.perf_counter() - begun)
        at += 1
        time.sleep(0.05)
    return sorted(taken)[int(len(taken) * 0.95)]


if __name__ == "__main__":
    if sys.argv[1] == "turns":
        take_turns(sys.argv[2])
    else:
        main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
