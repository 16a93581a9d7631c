"""Writing what a disposal class says: when it takes force, and one to several steps, each with what it counts from."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.core.errors import FieldError, Refusal
from docstore.retention.drafts import MOST_STEPS
from docstore.retention.vocabulary import TRIGGER_WORDS, TriggerType
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.records import ACTIONS, APPLIES, CUTOFFS, DayField

PREVIOUS, ORIGINAL, OF_AGE, OF_YOUNGEST, NOTHING = (
    "step:completed",
    "step:original",
    "age:subject",
    "age:youngest_minor",
    "",
)
STARTS = [
    *((str(kind), text) for kind, text in TRIGGER_WORDS.items()),
    (PREVIOUS, _("the day on which the step before was carried out")),
    (ORIGINAL, _("what the first step counted from")),
    (OF_AGE, _("the day on which the person reaches the age below")),
    (OF_YOUNGEST, _("the day on which the youngest child reaches the age below")),
    (NOTHING, _("nothing: it is kept permanently")),
]
LATER = [("", _("Nothing else")), *((str(kind), text) for kind, text in TRIGGER_WORDS.items())]
PERIODS = _("P7Y is 7 years, P2Y6M 2 years and 6 months, P42D 42 days")


class WordingForm(RefusableForm):
    """When a wording takes force and for whom."""

    effective_from = DayField(
        label=_("In force from"),
        help_text=_("A class that is in force changes in the future only. For example, 1 4 2027"),
    )
    applies_to = forms.ChoiceField(
        label=_("It is for"),
        choices=[(str(k), v) for k, v in APPLIES.items()],
        widget=forms.RadioSelect,
        initial="all_live",
    )
    guard_days = forms.IntegerField(
        label=_("Days in which nothing falls due by it"),
        required=False,
        min_value=0,
        max_value=3660,
        help_text=_("Empty: 365 where it shortens, 0 where it does not"),
    )


class StepForm(forms.Form):
    """One step: count from something, wait, then act."""

    trigger = forms.ChoiceField(
        label=_("Count from"), choices=STARTS, required=False, initial=str(TriggerType.CASE_CLOSED)
    )
    age = forms.IntegerField(
        label=_("Age"), required=False, min_value=1, max_value=120, help_text=_("Only where it counts from an age")
    )
    period = forms.CharField(label=_("For"), max_length=20, required=False, help_text=PERIODS)
    later = forms.ChoiceField(
        label=_("Or, if that is later, until"),
        choices=LATER,
        required=False,
        help_text=_("While it is not known, no date is worked out"),
    )
    cutoff = forms.ChoiceField(label=_("Starting at"), choices=[(str(k), v) for k, v in CUTOFFS.items()])
    action = forms.ChoiceField(label=_("Then"), choices=[(str(k), v) for k, v in ACTIONS.items()])
    keep_types = forms.CharField(
        label=_("Kinds of paper that stay"),
        max_length=400,
        required=False,
        help_text=_("Only for stripping, with commas between them: Decree absolute, Final order"),
    )
    keep_class = forms.CharField(
        label=_("Class of the papers that stay"),
        max_length=40,
        required=False,
        help_text=_("Only for stripping: the code of a class for single documents"),
    )
    approval_stages = forms.IntegerField(label=_("Approvals by different people"), min_value=1, max_value=5, initial=1)

    def step(self) -> dict[str, Any]:
        """Return the step as `drafts.parse_steps` takes it."""
        given = self.cleaned_data
        start, later, period = given["trigger"], given["later"], given["period"]
        node = _node(start, given["age"])
        names = ("action", "cutoff", "keep_class", "approval_stages")
        told: dict[str, Any] = {name: given[name] for name in names}
        told["keep_types"] = [one for one in given["keep_types"].split(",") if one.strip()]
        if later:
            first = {**node, "period": period} if period and "event" in node else node
            return {**told, "trigger": {"max": [first, {"event": later}]}}
        return {**told, "trigger": node, "period": period}

    def take(self, error: FieldError) -> None:
        """Show what is wrong with the step beside the field that says it."""
        name = error.pointer.strip("/").split("/")[2:3]
        field = name[0] if name and name[0] in self.fields else "trigger"
        self.add_error(field, error.detail)


class Wording:
    """A wording with its steps, as it is typed. A step more or less is a button, not a script."""

    def __init__(self, data: Any = None) -> None:
        self.is_changing = bool(data) and ("add" in data or "remove" in data)
        count = _count(data)
        if self.is_changing:  # keep what is typed, and complain of nothing yet
            self.form = WordingForm(initial=data.dict())
            self.steps: Sequence[StepForm] = [
                StepForm(initial=_typed(data, f"s{at}"), prefix=f"s{at}") for at in range(1, count + 1)
            ]
        else:
            self.form = WordingForm(data)
            self.steps = [StepForm(data, prefix=f"s{at}") for at in range(1, count + 1)]

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(one.is_valid() for one in self.steps)])

    def take(self, refusal: Refusal) -> None:
        """Show a refusal at its step, or at the top."""
        for error in refusal.errors:
            parts = error.pointer.strip("/").split("/")
            if parts[0] == "steps" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(self.steps):
                self.steps[int(parts[1])].take(error)
            else:
                self.form.add_error(parts[0] if parts[0] in self.form.fields else None, error.detail)
        if not refusal.errors:
            self.form.add_error(None, refusal.sentence)

    @property
    def errors(self) -> bool:
        return not self.is_changing and (bool(self.form.errors) or any(one.errors for one in self.steps))

    @property
    def is_full(self) -> bool:
        return len(self.steps) >= MOST_STEPS


def _count(data: Any) -> int:
    """How many steps are asked for: as many as were there, one more, or one less."""
    told = str(data.get("steps", "1")) if data else "1"
    count = int(told) if told.isdigit() else 1
    change = ("add" in data) - ("remove" in data) if data else 0
    return min(max(count + change, 1), MOST_STEPS)


def _typed(data: Any, prefix: str) -> dict[str, Any]:
    found = {name: data[f"{prefix}-{name}"] for name in StepForm.base_fields if f"{prefix}-{name}" in data}
    return found or {name: field.initial for name, field in StepForm.base_fields.items()}


def _node(start: str, age: int | None) -> dict[str, Any]:
    kind, _, which = start.partition(":")
    if kind == "step":
        return {"previous_step": which}
    if kind == "age":
        return {"age": {"years": age, "of": which}}
    return {"event": start} if start else {"none": True}
