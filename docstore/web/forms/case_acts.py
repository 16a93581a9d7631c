"""What the acts on a case ask for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.web import words
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.documents import DayField

LINK_REASONS = (
    ("Progressed under a lead case", _("Progressed under a lead case")),
    ("Consolidated", _("Consolidated")),
    ("Bail", _("Bail")),
    ("Other", _("Other")),
)


class CaseReasonForm(RefusableForm):
    """An act with nothing but its reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the history of the case"),
        error_messages={"required": _("Say why")},
    )


class RestrictForm(RefusableForm):
    """The reporting restriction that stands on every page and print."""

    restriction = forms.CharField(
        required=False,
        label=_("Reporting restriction"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("As the order words it. Leave it empty to lift it"),
    )


class LinkForm(RefusableForm):
    """Another case and why it belongs with this one."""

    reference = forms.CharField(label=_("Number of the other case"), max_length=100)
    reason = forms.ChoiceField(label=_("Why they belong together"), choices=LINK_REASONS, widget=forms.RadioSelect)


class ConsolidateForm(RefusableForm):
    """The lead case that this one goes under."""

    reference = forms.CharField(label=_("Number of the lead case"), max_length=100)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=160,
        help_text=_("Such as the order that says so. It stands beside the link"),
        error_messages={"required": _("Say why")},
    )
    field_order = ("reference", "reason")


class UnlinkForm(CaseReasonForm):
    """Which link ends, and why."""

    other = forms.ChoiceField(
        label=_("Which link ends"), widget=forms.RadioSelect, error_messages={"required": _("Choose a linked case")}
    )
    field_order = ("other", "reason")

    def __init__(self, *given: Any, linked: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["other"].choices = linked  # type: ignore[attr-defined]
        if len(linked) == 1:
            self.fields["other"].initial = linked[0][0]


class PartyForm(RefusableForm):
    """A party of the case."""

    name = forms.CharField(label=_("Name"), max_length=160)
    role = forms.CharField(label=_("Role"), max_length=40, help_text=_("Such as defendant, claimant or appellant"))
    side = forms.ChoiceField(label=_("Side"), choices=[(str(code), text) for code, text in words.SIDES.items()])
    representative = forms.CharField(required=False, label=_("Represented by"), max_length=160)
    note = forms.CharField(required=False, label=_("Note"), max_length=160, help_text=_("Such as bail with conditions"))


class CloseForm(CaseReasonForm):
    """How and when the case ended."""

    closed_on = DayField(label=_("Closed on"), max_length=40, help_text=_("Like 24 11 2026"))
    outcome = forms.CharField(label=_("Outcome"), max_length=200)
    field_order = ("closed_on", "outcome", "reason")


class NoteForm(RefusableForm):
    """A note to file and whom it is for."""

    text = forms.CharField(
        label=_("Note"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write a note")},
    )
    audience = forms.ChoiceField(label=_("Who can read it"), widget=forms.RadioSelect)

    def __init__(self, *given: Any, audiences: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["audience"].choices = audiences  # type: ignore[attr-defined]
