"""Facts for evaluation, made by hand and by hypothesis."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from hypothesis import strategies as st

from docstore.retention import triggers
from docstore.retention.evaluate import Applied, HoldFact, Rule, Step, Subject
from docstore.retention.periods import Period, parse
from docstore.retention.triggers import EventFact, EventNode, MaxNode, Node, NoneNode
from docstore.retention.vocabulary import (
    AppliesTo,
    Cutoff,
    HoldKind,
    Level,
    Origin,
    Record,
    RecordKind,
    StepAction,
    TriggerType,
    Via,
)

SPACE = UUID("6a2f41a3-c54c-fce8-32d2-0324e1c32e22")
CASE = Record(RecordKind.CASE, uuid5(SPACE, "case"))
CLOSED = TriggerType.CASE_CLOSED


def step(
    trigger: Any, period: str = "", *, action: StepAction = StepAction.DESTROY, order: int = 1, **more: Any
) -> Step:
    node = triggers.parse(trigger, pointer="/trigger")
    return Step(order, action, node, parse(period) if period else None, **more)


def rule(*steps: Step, code: str = "R", number: int = 1, **more: Any) -> Rule:
    return Rule(number, "S", code, number, f"Class {code}", steps, **{"effective_from": date(2000, 1, 1), **more})


def event(type_: TriggerType = CLOSED, on: date = date(2018, 3, 5), **more: Any) -> EventFact:
    return EventFact(type_, on, **{"id": 1, "recorded_on": on, **more})


def applied(*versions: Rule, events: Mapping[TriggerType, EventFact] | None = None, **more: Any) -> Applied:
    known = {CLOSED: event()} if events is None else events
    defaults = {"origin": Origin.EXPLICIT, "level": Level.CASE, "is_open": False}
    return Applied(versions, events=known, **{**defaults, **more})


def subject(*rules: Applied, **more: Any) -> Subject:
    return Subject(CASE, rules, **more)


def hold(name: str = "hold") -> HoldFact:
    return HoldFact(uuid5(SPACE, name), name, HoldKind.CASE, Via.DIRECT)


DAYS = st.dates(date(1950, 1, 1), date(2060, 1, 1))
PERIODS = st.one_of(st.none(), st.builds(Period, st.integers(0, 1200), st.integers(0, 400)))
TYPES = st.sampled_from([CLOSED, TriggerType.SENTENCE_END, TriggerType.FINAL_ORDER])
EVENT_NODES = st.builds(EventNode, TYPES, PERIODS)
NODES: st.SearchStrategy[Node] = st.one_of(
    EVENT_NODES, st.builds(MaxNode, st.lists(EVENT_NODES, min_size=2, max_size=3).map(tuple)), st.just(NoneNode())
)
ACTIONS = st.sampled_from([StepAction.DESTROY, StepAction.REVIEW, StepAction.TRANSFER, StepAction.RETAIN])
STEPS = st.builds(
    Step, st.just(1), ACTIONS, NODES, PERIODS, st.sampled_from(list(Cutoff)), maximum=PERIODS, statute=PERIODS
)
RULES = st.builds(
    Rule,
    id=st.integers(1, 50),
    schedule=st.just("S"),
    code=st.sampled_from("ABC"),
    number=st.just(1),
    title=st.just("A class"),
    steps=STEPS.map(lambda one: (one,)),
    effective_from=st.just(date(1900, 1, 1)),
    applies_to=st.just(AppliesTo.ALL_LIVE),
    guard_until=st.one_of(st.none(), DAYS),
    regulatory=st.booleans(),
    descriptive=st.booleans(),
)
EVENTS = st.dictionaries(TYPES, DAYS, max_size=3).map(
    lambda days: {kind: EventFact(kind, on, place, on) for place, (kind, on) in enumerate(sorted(days.items()))}
)
APPLIED = st.builds(
    Applied,
    versions=RULES.map(lambda one: (one,)),
    origin=st.sampled_from(list(Origin)),
    level=st.sampled_from([Level.CASE, Level.DOCUMENT]),
    events=EVENTS,
    is_open=st.booleans(),
)
HOLDS = st.builds(HoldFact, st.uuids(), st.just("Inquiry"), st.just(HoldKind.CASE), st.just(Via.DIRECT))
SUBJECTS = st.builds(
    Subject,
    record=st.just(CASE),
    applied=st.lists(APPLIED, max_size=3).map(tuple),
    holds=st.lists(HOLDS, max_size=1).map(tuple),
    not_before=st.one_of(st.none(), DAYS),
)
