"""An evaluation in plain words: trigger, period, rule, competing rules, holds and the next date (RET-C17).

Titles of holds are not in these sentences: who may read a reason is decided where holds are shown (RET-K2).
"""

from collections.abc import Iterator
from datetime import date, timedelta

from docstore.retention import triggers
from docstore.retention.evaluate import Applied, Evaluation, Finding, Rule, Step
from docstore.retention.triggers import EventFact
from docstore.retention.vocabulary import TRIGGER_WORDS, Cutoff, Level, Origin, Outcome, StepAction, TriggerType

ACTIONS = {
    StepAction.CUTOFF: "the file is cut off",
    StepAction.REVIEW: "a person reviews it",
    StepAction.STRIP: "it is stripped to the papers that stay, and the rest destroyed",
    StepAction.NOTICE: "notice of destruction is given",
    StepAction.TRANSFER: "it is transferred to an archive",
    StepAction.DESTROY: "it is destroyed",
    StepAction.RETAIN: "it is kept",
}
CUTOFFS = {
    Cutoff.NONE: "",
    Cutoff.CALENDAR_YEAR: ", counted from the end of that year",
    Cutoff.FISCAL_YEAR: ", counted from the end of that financial year",
    Cutoff.QUARTER: ", counted from the end of that quarter",
    Cutoff.MONTH: ", counted from the end of that month",
}
HEADLINES = {
    Outcome.UNCLASSIFIED: "No disposal class is assigned, so it is kept until a records manager assigns one.",
    Outcome.PERMANENT: "It is kept permanently. It can be transferred to an archive and never be destroyed.",
    Outcome.CONFLICT: "Its rules contradict each other, so nothing happens until a records manager decides.",
    Outcome.AWAITING_TRIGGER: "The clock has not started: what it counts from has not happened, so there is no date.",
    Outcome.CANNOT_COMPUTE: "No date can be worked out, because something that the rule needs is not known.",
    Outcome.PROVISIONAL: "What the clock counts from was told recently. Unless it is corrected, the date is {due}.",
    Outcome.NOT_DUE: "It is kept until {due}. Before that day it may not be disposed of.",
    Outcome.REVIEW_DUE: "It has been due for a decision by a person since {due}.",
    Outcome.TRANSFER_DUE: "It has been due for transfer to an archive since {due}.",
    Outcome.ELIGIBLE: "Every rule has allowed its disposal since {due}. Two people still have to decide.",
}
FLAGS = {
    "manual date": "A person has set {due}, which is later than the rules ask for.",
    "guard time": "The rule was shortened, so nothing falls due by it before {due}.",
    "past maximum": "It has been kept for longer than the rule allows at most.",
    "low confidence": "The date it counts from is uncertain (confidence {confidence} in 100).",
}


def sentences(found: Evaluation) -> tuple[str, ...]:
    """Return why the record is kept and until when, the outcome first."""
    return (_headline(found), *dict.fromkeys(_details(found)))


def day(on: date) -> str:
    """Return "14 June 2026"."""
    return f"{on.day} {on:%B %Y}"


def rule_words(step: Step) -> str:
    """Return what one step says: "7 years after the closing of the case it is destroyed"."""
    if step.is_permanent:
        return "It is kept permanently" + (", and handed to an archive" if step.action is StepAction.TRANSFER else "")
    start = triggers.words(step.trigger) + CUTOFFS[step.cutoff]
    period = f"{step.period.words} after {start}" if step.period and step.period.words else f"From {start}"
    least = f", and not before {step.statute.words} as statute demands" if step.statute else ""
    most = f"; at the latest {step.maximum.words} after it" if step.maximum else ""
    return f"{period[0].upper()}{period[1:]} {ACTIONS[step.action]}{least}{most}"


def _headline(found: Evaluation) -> str:
    due = day(found.due_on) if found.due_on else ""
    return _held(len(found.holds), due) if found.outcome is Outcome.HELD else HEADLINES[found.outcome].format(due=due)


def _held(count: int, due: str) -> str:
    holds = "A hold stops" if count == 1 else f"{count} holds stop"
    if due:
        return f"{holds} its disposal, whatever the date. Without that the date would be {due}."
    return f"{holds} its disposal. Without that there would still be no date."


def _details(found: Evaluation) -> Iterator[str]:
    for one in found.findings:
        yield from _of_rule(one, competing=len(found.findings) > 1, wins=_wins(found, one))
        if found.outcome is Outcome.PROVISIONAL:
            yield from _provisional(one)
    due = day(found.due_on) if found.due_on else "the next date"
    yield from (FLAGS[flag].format(due=due, confidence=found.confidence) for flag in found.flags)
    for reason in found.reasons:
        if reason.startswith("without class: "):
            place = reason.removeprefix("without class: ")
            yield f"{place[0].upper()}{place[1:]} has no disposal class, so nothing is due before it has one."


def _wins(found: Evaluation, one: Finding) -> bool:
    basis = found.basis
    return basis is not None and basis.rule is one.rule and basis.base_on == one.base_on


def _of_rule(one: Finding, *, competing: bool, wins: bool) -> Iterator[str]:
    yield _rule_sentence(one)
    for event in one.used:
        yield _event_sentence(event)
    if one.missing and not one.permanent:
        yield f"Not known: {'; '.join(one.missing)}."
    if competing and one.due_on:
        verdict = (
            "This rule decides, because its date is the latest." if wins else "This rule alone would allow it then."
        )
        yield f"By {one.rule.name}, it is due on {day(one.due_on)}. {verdict}"


def _rule_sentence(one: Finding) -> str:
    says = rule_words(one.step) if one.step else "All steps of the rule are done"
    return f"{one.rule.name} ({one.rule.title}) applies {_origin(one.applied)}. {says}."


def _origin(applied: Applied) -> str:
    if applied.level is Level.DOCUMENT:
        chosen = "a person has chosen it" if applied.origin is Origin.EXPLICIT else "a rule assigns it"
        return f"to the document itself, because {chosen}"
    how = "by a person's choice" if applied.origin is Origin.EXPLICIT else "by an assignment rule"
    return f"to {applied.about} {how}"


def _event_sentence(event: EventFact) -> str:
    if event.type is TriggerType.TOTAL_SENTENCE:
        return f"The length of the sentence is recorded as {event.length}."
    words = TRIGGER_WORDS[event.type]
    told = "" if event.id == 0 else f", as recorded on {day(event.recorded_on)}"
    return f"{words[0].upper()}{words[1:]} is dated {day(event.on)}{told}."


def _provisional(one: Finding) -> Iterator[str]:
    for event in one.used:
        if event.provisional_until:
            last = day(event.provisional_until - timedelta(days=1))
            yield f"That could be corrected without review until {last}."


def in_full(rule: Rule) -> tuple[str, ...]:
    """Return what every step of a class version says, in order."""
    return tuple(rule_words(step) + "." for step in rule.steps)
