"""What people fill in on disposal lists: what narrows one, what is decided, and how a destruction off schedule is asked for."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.access.models import Court
from docstore.retention.decisions import Said
from docstore.retention.disposal_models import Decision, Ground
from docstore.retention.models import DisposalClass
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.records import DayField, ReasonForm

DECISIONS = {
    Decision.APPROVE: _("Destroy"),
    Decision.EXTEND: _("Keep longer, until a day"),
    Decision.RECLASS: _("Give it another class"),
    Decision.TRANSFER: _("Transfer to an archive"),
    Decision.HOLD: _("Hold"),
    Decision.EXCLUDE: _("Leave off this list"),
}
FILTERED = {"undecided": _("Undecided"), **{str(code): text for code, text in DECISIONS.items()}}
COMING = {
    "destroy": _("Destruction"),
    "strip": _("Stripping"),
    "review": _("Review"),
    "transfer": _("Transfer"),
}
GROUNDS = {
    Ground.COURT_ORDER: _("A court has ordered it"),
    Ground.WRONG_UPLOAD: _("It was filed here by mistake"),
    Ground.CLASSIFIED_MATERIAL: _("It is material that must not be kept here"),
    Ground.DATA_PROTECTION: _("A person’s right to erasure was granted"),
}
PLAIN = {"plain": True}


class NewListForm(RefusableForm):
    """Which of what is due goes on a new list. Empty members take all."""

    court = forms.ChoiceField(label=_("Court"), required=False)
    classes = forms.ChoiceField(label=_("Disposal class"), required=False)
    planned_on = DayField(
        label=_("To be carried out on"), required=False, help_text=_("If a day is planned: 1 12 2026")
    )

    def __init__(self, data: Any, *, courts: Iterable[Court], classes: Iterable[DisposalClass]) -> None:
        super().__init__(data)
        self.fields["court"].choices = [("", _("All"))] + [(one.code, one.name) for one in courts]  # type: ignore[attr-defined]
        rows = [(f"{one.schedule.code}/{one.code}", f"{one.code}, {one.title}") for one in classes]
        self.fields["classes"].choices = [("", _("All")), *rows]  # type: ignore[attr-defined]

    def narrowed(self) -> dict[str, Any]:
        given = self.cleaned_data
        classes = (given["classes"],) if given["classes"] else ()
        return {"court": given["court"], "classes": classes, "planned_on": given["planned_on"]}


class ListFilterForm(forms.Form):
    """What narrows a list on the page. Every member works on the frozen list."""

    disposal_class = forms.ChoiceField(label=_("Disposal class"), required=False, widget=forms.Select(attrs=PLAIN))
    decision = forms.ChoiceField(
        label=_("Decision"),
        required=False,
        choices=[("", _("Any")), *FILTERED.items()],
        widget=forms.Select(attrs=PLAIN),
    )
    action = forms.ChoiceField(
        label=_("What comes"),
        required=False,
        choices=[("", _("Any")), *COMING.items()],
        widget=forms.Select(attrs=PLAIN),
    )
    due_before = DayField(label=_("Due before"), required=False, widget=forms.TextInput(attrs=PLAIN))
    reference = forms.CharField(label=_("Number"), required=False, max_length=100, widget=forms.TextInput(attrs=PLAIN))

    def __init__(self, data: Any, *, classes: Iterable[str]) -> None:
        super().__init__(data, prefix="f")  # a decision is sent beside it, under names of its own
        self.fields["disposal_class"].choices = [("", _("All")), *((one, one) for one in classes if one)]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, str]:
        """Return the filter as a decision takes it; what cannot be understood narrows nothing and is said beside it."""
        self.is_valid()
        given = {**self.cleaned_data, "class": self.cleaned_data.get("disposal_class")}
        names = ("class", "decision", "action", "reference")
        found = {name: str(given[name]) for name in names if given.get(name)}
        if day := given.get("due_before"):
            found["due_before"] = day.isoformat()
        return found


class DecideForm(RefusableForm):
    """One decision for the ticked records, or for all that match the filter as it was shown."""

    group = forms.ChoiceField(choices=[("ticked", "ticked"), ("filter", "filter")], required=False, initial="ticked")
    decision = forms.ChoiceField(label=_("Decision"), choices=[(str(code), text) for code, text in DECISIONS.items()])
    until = DayField(label=_("Keep until"), required=False)
    new_class = forms.ChoiceField(label=_("Another class"), required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, error_messages={"required": _("Say why: the reason stays with the record")}
    )
    item = forms.CharField(required=False, widget=forms.MultipleHiddenInput)
    count = forms.IntegerField(required=False, min_value=0)

    def __init__(self, data: Any, *, classes: Iterable[DisposalClass]) -> None:
        super().__init__(data)
        rows = [(f"{one.schedule.code}/{one.code}", f"{one.code}, {one.title}") for one in classes]
        self.fields["new_class"].choices = [("", _("Choose one")), *rows]  # type: ignore[attr-defined]

    def clean_item(self) -> list[UUID]:
        try:
            return [UUID(one) for one in self.data.getlist("item")]  # type: ignore[attr-defined] # a QueryDict
        except ValueError as error:
            raise forms.ValidationError(_("Tick records of this list")) from error

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("group") != "filter" and not given.get("item") and "item" not in self.errors:
            self.add_error("item", _("Tick the records that you mean, or choose all that match"))
        return given

    def said(self) -> Said:
        given = self.cleaned_data
        return Said(Decision(given["decision"]), given["reason"], until=given["until"], new_class=given["new_class"])

    @property
    def ticked(self) -> list[UUID]:
        return list(self.cleaned_data["item"])

    @property
    def is_by_filter(self) -> bool:
        return bool(self.cleaned_data["group"] == "filter")


class ApproveForm(RefusableForm):
    """The number typed, and the word that list and holds were looked at (RET-F6)."""

    stage = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    confirm = forms.CharField(max_length=20, required=False)
    comment = forms.CharField(label=_("Comment"), max_length=2000, required=False)
    sure = forms.BooleanField(
        label=_("I have looked at this list and at the holds"),
        error_messages={"required": _("Look at the list and at the holds first, and say so")},
    )


class ExtendForm(ReasonForm):
    """A later day than the rules ask for."""

    until = DayField(label=_("Keep it until"), help_text=_("For example, 27 3 2032. Never earlier than the rules say"))
    instrument = forms.CharField(
        label=_("Instrument"),
        max_length=80,
        required=False,
        help_text=_("Its number, where the day is more than 20 years after the case was closed"),
    )
    field_order = ("until", "instrument", "reason")


class OffScheduleForm(ReasonForm):
    """A destruction outside the schedule."""

    ground = forms.ChoiceField(
        label=_("Why it cannot wait for its date"),
        choices=[(str(code), text) for code, text in GROUNDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it cannot wait")},
    )
    sure = forms.BooleanField(
        label=_("Hide it now from everybody, until somebody else has decided"),
        error_messages={"required": _("Tick this if you mean it: from then on nobody can open it")},
    )
    field_order = ("ground", "reason", "sure")
