"""What records managers fill in: classes and their wording, holds, triggers, and what a list is narrowed by."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.access.models import Court
from docstore.retention.hold_models import Hold
from docstore.retention.holds import HoldTold, Targets
from docstore.retention.models import ClassVersion, DisposalClass
from docstore.retention.schedules import ClassTold
from docstore.retention.vocabulary import (
    TRIGGER_WORDS,
    AppliesTo,
    Cutoff,
    HoldKind,
    Level,
    StepAction,
    StubFact,
    TriggerType,
)
from docstore.web import dates, recordwords
from docstore.web.forms.cases import RefusableForm

LONG = forms.Textarea(attrs={"rows": 3})
TOLD = [(str(kind), text) for kind, text in TRIGGER_WORDS.items() if kind is not TriggerType.CREATION]
ACTIONS = {
    StepAction.DESTROY: _("Destroy it"),
    StepAction.REVIEW: _("Have a person review it"),
    StepAction.TRANSFER: _("Transfer it to an archive"),
    StepAction.STRIP: _("Strip it: keep some papers and destroy the rest"),
    StepAction.RETAIN: _("Keep it permanently"),
}
CUTOFFS = {
    Cutoff.NONE: _("The day itself"),
    Cutoff.CALENDAR_YEAR: _("The end of that calendar year"),
    Cutoff.FISCAL_YEAR: _("The end of that financial year"),
    Cutoff.QUARTER: _("The end of that quarter"),
    Cutoff.MONTH: _("The end of that month"),
}
APPLIES = {
    AppliesTo.ALL_LIVE: _("All records of the class that are not destroyed"),
    AppliesTo.UNTRIGGERED: _("Records whose clock has not started"),
    AppliesTo.NEW_TRIGGERS: _("Only records whose clock starts from then on"),
}
LEVELS = {Level.CASE: _("Cases"), Level.DOCUMENT: _("Single documents")}
STUB_FACTS = {
    StubFact.TYPE: _("What kind of case or paper it was"),
    StubFact.FURTHER_REFERENCES: _("Its further numbers"),
    StubFact.AUTHORITY: _("The mandate"),
    StubFact.OPENED_ON: _("When it was opened or filed"),
    StubFact.TRIGGER_ON: _("From when its clock counted"),
    StubFact.DUE_ON: _("When it was due"),
    StubFact.DOCUMENTS: _("How many documents it held"),
}
HOLD_KINDS = {
    HoldKind.CASE: _("A case"),
    HoldKind.PERSON: _("A person, wherever they are a party"),
    HoldKind.CLASS: _("A disposal class"),
    HoldKind.QUERY: _("Whatever contains certain words"),
    HoldKind.SYSTEM: _("Everything: a moratorium"),
}


class DayField(forms.CharField):
    """A day as people write it: 27 3 2026."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        day = dates.parse_day(text)
        if day is None:
            raise forms.ValidationError(_("Write a real day, such as 27 3 2026"))
        return day


class ClassForm(RefusableForm):
    """A disposal class, before it has a wording."""

    schedule = forms.SlugField(
        label=_("Schedule"), max_length=40, help_text=_("Its code. A new one is made with the class")
    )
    code = forms.CharField(label=_("Code of the class"), max_length=40, help_text=_("It never changes"))
    title = forms.CharField(label=_("Title"), max_length=200)
    description = forms.CharField(label=_("What it covers"), widget=LONG)
    mandate = forms.CharField(label=_("Mandate"), widget=LONG, help_text=_("The law or decision it rests on"))
    scope_notes = forms.CharField(label=_("Scope notes"), widget=LONG, help_text=_("Exceptions and doubts, or None"))
    level = forms.ChoiceField(
        label=_("It is for"), choices=[(str(k), v) for k, v in LEVELS.items()], widget=forms.RadioSelect, initial="case"
    )

    instrument = forms.CharField(
        label=_("Instrument"),
        max_length=80,
        required=False,
        help_text=_(
            "Its number, where one allows this class to be kept for more than 20 years. Otherwise leave it empty"
        ),
    )
    stub_leaves_out = forms.MultipleChoiceField(
        label=_("What its stubs leave out"),
        choices=[(str(k), v) for k, v in STUB_FACTS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "A stub always keeps number, class, day of destruction and certificate. Tick what it need not keep"
        ),
    )

    def told(self) -> ClassTold:
        given = self.cleaned_data
        left_out = tuple(StubFact(one) for one in given["stub_leaves_out"])
        return ClassTold(**{**given, "level": Level(given["level"]), "stub_leaves_out": left_out})


class ImportForm(RefusableForm):
    """A schedule as CSV."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8: an export of this product, or the published starter schedule"),
        error_messages={"required": _("Choose the file")},
    )
    schedule = forms.SlugField(
        label=_("Code of the schedule"),
        max_length=40,
        required=False,
        help_text=_("Needed for the starter schedule; an export names its own"),
    )


class HoldForm(RefusableForm):
    """A hold. What it is on is said in one field, whose meaning follows the kind."""

    kind = forms.ChoiceField(
        label=_("Hold"), choices=[(str(k), v) for k, v in HOLD_KINDS.items()], widget=forms.RadioSelect, initial="case"
    )
    target = forms.CharField(
        label=_("Which one"),
        required=False,
        max_length=200,
        help_text=_("The case number, the person’s name, the class code or the words. Leave it empty for everything"),
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    reason = forms.CharField(label=_("Reason"), widget=LONG)
    mandate = forms.CharField(label=_("Mandate"), widget=LONG, help_text=_("Who may demand it, and by what right"))
    review_on = DayField(label=_("Ask again on"), help_text=_("For example, 27 3 2027"))
    restricted = forms.BooleanField(label=_("Only records managers may read why"), required=False)

    def told(self, *, cases: tuple[Any, ...] = ()) -> HoldTold:
        given = self.cleaned_data
        kind, target = HoldKind(given["kind"]), given["target"].strip()
        named = (target,) if target else ()
        targets = Targets(
            cases=cases if kind is HoldKind.CASE else (),
            people=named if kind is HoldKind.PERSON else (),
            classes=named if kind is HoldKind.CLASS else (),
            query=target if kind is HoldKind.QUERY else None,
            everything=kind is HoldKind.SYSTEM,
        )
        texts = {name: given[name] for name in ("title", "reason", "mandate", "review_on", "restricted")}
        return HoldTold(kind=kind, targets=targets, **texts)


class ReasonForm(RefusableForm):
    """An act that needs its reason and nothing else."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=LONG, error_messages={"required": _("Say why")})


class ReferenceForm(RefusableForm):
    """A number that somebody asks about."""

    reference = forms.CharField(
        label=_("Number of the case"),
        max_length=100,
        help_text=_("As it stands on the paper: spaces and dashes make no difference"),
        error_messages={"required": _("Write the number that you were asked about")},
    )


class ProposalForm(ReasonForm):
    """A person's word on a case that was proposed for closing."""

    verdict = forms.ChoiceField(
        label=_("What is to happen"),
        choices=[("close", _("Close it as proposed")), ("open", _("Leave it open"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether it is to be closed")},
    )
    outcome = forms.CharField(label=_("How it ended, if you close it"), max_length=200, required=False)
    field_order = ("verdict", "outcome", "reason")

    def clean(self) -> Any:
        given = super().clean() or self.cleaned_data
        if given.get("verdict") == "close" and not given.get("outcome"):
            self.add_error("outcome", _("Say how the case ended, or that it is not known"))
        return given


class AssignForm(ReasonForm):
    """A class by a person's choice."""

    code = forms.ChoiceField(label=_("Disposal class"))
    field_order = ("code", "reason")

    def __init__(self, *given: Any, classes: Iterable[DisposalClass], **more: Any) -> None:
        super().__init__(*given, **more)
        rows = [(f"{one.schedule.code}/{one.code}", f"{one.code}, {one.title}") for one in classes]
        self.fields["code"].choices = rows  # type: ignore[attr-defined]


class TriggerForm(ReasonForm):
    """What starts or moves the clock."""

    type = forms.ChoiceField(label=_("What happened"), choices=TOLD)
    event_on = forms.CharField(
        label=_("On"),
        max_length=10,
        help_text=_("2026-03-27. Where only the year or the month is known: 2026 or 2026-03"),
    )
    length = forms.CharField(
        label=_("Length of the sentence"),
        max_length=20,
        required=False,
        help_text=_("Only for that: P4Y6M is 4 years and 6 months"),
    )
    confidence = forms.IntegerField(label=_("How sure, in 100"), min_value=0, max_value=100, initial=100)
    confirm = forms.BooleanField(label=_("The date is unusual and right"), required=False)
    field_order = ("type", "event_on", "length", "confidence", "reason", "confirm")


class FilterForm(forms.Form):
    """What narrows a list of records."""

    court = forms.ChoiceField(label=_("Court"), required=False)
    disposal_class = forms.ChoiceField(label=_("Disposal class"), required=False)
    due_from = DayField(label=_("Due from"), required=False)
    due_to = DayField(label=_("Due to"), required=False)
    outcome = forms.ChoiceField(label=_("Where it stands"), required=False)
    disposal_state = forms.ChoiceField(label=_("How far disposal has come"), required=False)
    hold = forms.ChoiceField(label=_("Under the hold"), required=False)
    version = forms.IntegerField(label=_("Version of the class"), required=False, min_value=1)
    confidence_below = forms.IntegerField(label=_("Confidence below"), required=False, max_value=100)
    drifted = forms.BooleanField(label=_("Stored date out of date"), required=False)
    MORE = ("outcome", "disposal_state", "hold", "version", "confidence_below", "drifted")

    @property
    def first(self) -> list[forms.BoundField]:
        return [one for one in self if one.name not in self.MORE]

    @property
    def more(self) -> list[forms.BoundField]:
        return [one for one in self if one.name in self.MORE]

    @property
    def is_narrowed_further(self) -> bool:
        return any(one.value() for one in self.more)

    def __init__(
        self, data: Any, *, courts: Iterable[Court], classes: Iterable[DisposalClass], holds: Iterable[Hold]
    ) -> None:
        super().__init__(data)
        any_one = ("", _("All"))
        choices = {
            "outcome": [(str(code), text) for code, (text, _colour) in recordwords.OUTCOMES.items()],
            "disposal_state": [(str(code), text) for code, text in recordwords.DISPOSAL_STATES.items()],
            "hold": [(str(one.pk), one.title) for one in holds],
        }
        for name, found in choices.items():
            self.fields[name].choices = [any_one, *found]  # type: ignore[attr-defined,misc] # a ChoiceField, lazy words
        self.fields["court"].choices = [("", _("All")), *((one.code, one.name) for one in courts)]  # type: ignore[attr-defined]
        self.fields["disposal_class"].choices = [("", _("All")), *((one.code, one.code) for one in classes)]  # type: ignore[attr-defined]


class SimulatorForm(forms.Form):
    """A day, a wording that is not in force, and holds to be thought away."""

    as_of = DayField(label=_("On the day"), help_text=_("For example, 27 3 2030"))
    version = forms.ChoiceField(label=_("Under the wording"), required=False)
    without = forms.MultipleChoiceField(
        label=_("As if these holds were released"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, versions: Iterable[ClassVersion], holds: Iterable[Hold], today: date) -> None:
        super().__init__(data or {"as_of": dates.day(today)})
        drafts = [(str(one.pk), str(one)) for one in versions]
        self.fields["version"].choices = [("", _("As in force")), *drafts]  # type: ignore[attr-defined]
        self.fields["without"].choices = [(str(one.pk), one.title) for one in holds]  # type: ignore[attr-defined]
