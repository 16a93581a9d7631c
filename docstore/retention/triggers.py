"""The expression that starts a clock: a small validated tree, never free text; and what it yields from known events.

Every node yields a date, or says what is missing. Members of a `max` already contain their periods (design 6.1).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from docstore.core.errors import FieldError, Invalid
from docstore.retention import periods
from docstore.retention.periods import Period, PeriodNotUnderstood, add_period, reach_age
from docstore.retention.vocabulary import SPELLINGS, TRIGGER_WORDS, TriggerType

MOST_MEMBERS = 8
OLDEST_AGE = 120
BASES = ("completed", "cutoff", "original")
AGED = ("subject", "youngest_minor")
BY_SENTENCE = TriggerType.TOTAL_SENTENCE


class TriggerNotUnderstood(Invalid):
    """The trigger of a step is not one that Docstore knows. Use an event, a max of several, an age, a previous step or none."""

    code = "trigger-not-understood"


@dataclass(frozen=True, slots=True)
class EventFact:
    """The effective trigger of one type. `recorded_on` is when it was told, `on` when it happened."""

    type: TriggerType
    on: date
    id: int
    recorded_on: date
    provisional_until: date | None = None
    confidence: int = 100
    length: str = ""


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step that was completed, and the date from which it had been counted."""

    order: int
    completed_on: date
    original_on: date


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about one record when an expression is worked out."""

    events: Mapping[TriggerType, EventFact]
    previous: StepDone | None = None
    first: StepDone | None = None
    leap_day_later: bool = True


@dataclass(frozen=True, slots=True)
class Yield:
    """A date, or what is missing; the events that it rests on; whether some members were known and others not."""

    on: date | None
    used: tuple[EventFact, ...] = ()
    missing: tuple[str, ...] = ()
    partly: bool = False


@dataclass(frozen=True, slots=True)
class EventNode:
    """The effective trigger of a type, plus a period or the length of the sentence."""

    type: TriggerType
    period: Period | None = None
    by_sentence: bool = False

    def resolve(self, known: Known) -> Yield:
        found = known.events.get(self.type)
        if found is None:
            return Yield(None, missing=(TRIGGER_WORDS[self.type],))
        if self.by_sentence:
            return self._with_sentence(found, known)
        return Yield(add_period(found.on, self.period) if self.period else found.on, (found,))

    def _with_sentence(self, found: EventFact, known: Known) -> Yield:
        sentence = known.events.get(BY_SENTENCE)
        if sentence is None or not sentence.length:
            return Yield(None, (found,), (TRIGGER_WORDS[BY_SENTENCE],), partly=True)
        return Yield(add_period(found.on, periods.parse(sentence.length)), (found, sentence))


@dataclass(frozen=True, slots=True)
class MaxNode:
    """The latest of several; unknown where any of them is (RET-C13)."""

    members: tuple["Node", ...]

    def resolve(self, known: Known) -> Yield:
        found = [member.resolve(known) for member in self.members]
        used = tuple(event for one in found for event in one.used)
        missing = tuple(word for one in found for word in one.missing)
        dates = [one.on for one in found if one.on is not None]
        if missing:
            return Yield(None, used, missing, partly=bool(dates) or any(one.partly for one in found))
        return Yield(max(dates), used)


@dataclass(frozen=True, slots=True)
class AgeNode:
    """The day on which the subject, or the youngest child, reaches an age (RET-C14)."""

    years: int
    of: str

    def resolve(self, known: Known) -> Yield:
        born = known.events.get(TriggerType.BIRTH)
        if born is None:
            return Yield(None, missing=(TRIGGER_WORDS[TriggerType.BIRTH],), partly=True)
        return Yield(reach_age(born.on, self.years, leap_day_later=known.leap_day_later), (born,))


@dataclass(frozen=True, slots=True)
class PreviousNode:
    """The step before: when it was completed, or the date from which it or the first step had been counted."""

    basis: str

    def resolve(self, known: Known) -> Yield:
        done = known.first if self.basis == "original" else known.previous
        if done is None:
            return Yield(None, missing=("the end of the step before",))
        return Yield(done.completed_on if self.basis == "completed" else done.original_on)


@dataclass(frozen=True, slots=True)
class NoneNode:
    """Nothing: permanent, or undated until a person acts."""

    def resolve(self, known: Known) -> Yield:
        return Yield(None, missing=("a decision by a person",))


Node = EventNode | MaxNode | AgeNode | PreviousNode | NoneNode


def parse(raw: Any, *, pointer: str) -> Node:
    """Return the tree for JSON as outside.md gives it; raise TriggerNotUnderstood with a pointer to the place."""
    if not isinstance(raw, dict):
        raise _wrong(pointer, "Write the trigger as an object, such as {“event”: “case_closed”}.")
    for name, parser in _PARSERS.items():
        if name in raw:
            extra = set(raw) - {name, "period"} if name == "event" else set(raw) - {name}
            if extra:
                raise _wrong(f"{pointer}/{min(extra)}", "This does not belong beside the rest. Leave it out.")
            return parser(raw, pointer)
    raise _wrong(pointer, "Say which event, max, age, previous_step or none.")


def event_type(text: object) -> TriggerType | None:
    """Return the trigger type for its name or for a spelling of published schedules; None where it is neither."""
    if not isinstance(text, str):
        return None
    name = text.strip().lower()
    return TriggerType(name) if name in set(TriggerType) else SPELLINGS.get(name)


def to_json(node: Node) -> dict[str, Any]:
    """Return the canonical JSON of a tree: what is stored, exported and hashed."""
    match node:
        case EventNode(type=kind, period=period, by_sentence=by_sentence):
            length = str(BY_SENTENCE) if by_sentence else str(period) if period else ""
            return {"event": str(kind), "period": length} if length else {"event": str(kind)}
        case MaxNode(members=members):
            return {"max": [to_json(one) for one in members]}
        case AgeNode(years=years, of=of):
            return {"age": {"years": years, "of": of}}
        case PreviousNode(basis=basis):
            return {"previous_step": basis}
        case NoneNode():
            return {"none": True}


def words(node: Node) -> str:
    """Return the expression for the middle of a sentence: "7 years after the closing of the case"."""
    match node:
        case EventNode(type=kind, period=period, by_sentence=by_sentence):
            if by_sentence:
                return f"the length of the sentence after {TRIGGER_WORDS[kind]}"
            return f"{period.words} after {TRIGGER_WORDS[kind]}" if period and period.words else TRIGGER_WORDS[kind]
        case MaxNode(members=members):
            return "the latest of " + "; ".join(words(one) for one in members)
        case AgeNode(years=years, of=of):
            return f"the day {'the subject' if of == 'subject' else 'the youngest child'} is {years}"
        case PreviousNode(basis=basis):
            return "the completion of the step before" if basis == "completed" else "the date from which counting began"
        case NoneNode():
            return "no event"


def types_in(node: Node) -> Iterator[TriggerType]:
    """Yield every trigger type that an expression asks for."""
    match node:
        case EventNode(type=kind, by_sentence=by_sentence):
            yield kind
            if by_sentence:
                yield BY_SENTENCE
        case MaxNode(members=members):
            for one in members:
                yield from types_in(one)
        case AgeNode():
            yield TriggerType.BIRTH
        case PreviousNode() | NoneNode():
            return


def _event(raw: dict[str, Any], pointer: str) -> Node:
    kind = event_type(raw["event"])
    if kind is None:
        known = ", ".join(sorted(TriggerType))
        raise _wrong(f"{pointer}/event", f"There is no event of this name. Known are {known}.")
    length = raw.get("period")
    if length is None or length == "":
        return EventNode(kind)
    if length == BY_SENTENCE:
        return EventNode(kind, by_sentence=True)
    try:
        return EventNode(kind, periods.parse(str(length)))
    except PeriodNotUnderstood as error:
        raise _wrong(f"{pointer}/period", error.sentence) from error


def _max(raw: dict[str, Any], pointer: str) -> Node:
    members = raw["max"]
    if not isinstance(members, list) or not 2 <= len(members) <= MOST_MEMBERS:
        raise _wrong(f"{pointer}/max", f"Give a list of two to {MOST_MEMBERS} triggers.")
    return MaxNode(tuple(parse(one, pointer=f"{pointer}/max/{place}") for place, one in enumerate(members)))


def _age(raw: dict[str, Any], pointer: str) -> Node:
    told = raw["age"]
    years = told.get("years") if isinstance(told, dict) else None
    of = told.get("of") if isinstance(told, dict) else None
    if not isinstance(years, int) or isinstance(years, bool) or not 1 <= years <= OLDEST_AGE or of not in AGED:
        raise _wrong(f"{pointer}/age", "Give the years as a number and of as subject or youngest_minor.")
    return AgeNode(years, of)


def _previous(raw: dict[str, Any], pointer: str) -> Node:
    basis = raw["previous_step"]
    if basis is True:
        basis = "completed"
    if basis not in BASES:
        raise _wrong(f"{pointer}/previous_step", "Say completed, cutoff or original.")
    return PreviousNode(basis)


def _none(raw: dict[str, Any], pointer: str) -> Node:
    if raw["none"] is not True:
        raise _wrong(f"{pointer}/none", "Only true can stand here.")
    return NoneNode()


_PARSERS: Mapping[str, Callable[[dict[str, Any], str], Node]] = {
    "event": _event,
    "max": _max,
    "age": _age,
    "previous_step": _previous,
    "none": _none,
}


def _wrong(pointer: str, detail: str) -> TriggerNotUnderstood:
    return TriggerNotUnderstood(errors=(FieldError(pointer, "trigger-not-understood", detail),))
