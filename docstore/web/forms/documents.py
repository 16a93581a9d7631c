"""What filing and the acts on a document ask for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.cases.queries import SectionView
from docstore.web import dates, words
from docstore.web.forms.cases import RefusableForm

CLASSES = [(str(int(code)), text) for code, text in words.CLASSIFICATIONS.items()]


class DayField(forms.CharField):
    """A day as people write it: 14 6 2026, 14/06/2026 or 14 June 2026."""

    def clean(self, value: Any) -> Any:
        """Return the day, or nothing for nothing."""
        text = super().clean(value)
        found = dates.parse_day(text) if text else None
        if text and found is None:
            raise forms.ValidationError(_("Enter the date like this: 14 6 2026"))
        return found


class ActForm(RefusableForm):
    """An act with its reason. `seen` is the state that the person looked at, so that nobody overwrites another."""

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the history of the document"),
        error_messages={"required": _("Say why")},
    )


class RereadForm(RefusableForm):
    """Reading again needs no reason."""

    seen = forms.CharField(widget=forms.HiddenInput)


class ReclassifyForm(ActForm):
    """Who may open it from now on."""

    classification = forms.ChoiceField(label=_("Who may open it"), choices=CLASSES, widget=forms.RadioSelect)
    field_order = ("classification", "reason", "seen")


class SealForm(ActForm):
    """A seal, and who is named in the order."""

    named = forms.CharField(
        required=False,
        label=_("People named in the order"),
        help_text=_(
            "User names, with spaces between. Court officers, advisers and judges of the court can open it in any case"
        ),
    )


class MoveForm(ActForm):
    """Where a misfiled document belongs."""

    reference = forms.CharField(label=_("Number of the case it belongs to"), max_length=100)
    section = forms.ChoiceField(label=_("Section there"))
    field_order = ("reference", "section", "reason", "seen")

    def __init__(self, *given: Any, sections: Iterable[SectionView], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["section"].choices = [(one.section.code, one.section.name) for one in sections]  # type: ignore[attr-defined]


class NewVersionForm(ActForm):
    """A file that takes the place of the current version; the earlier one stays."""

    file = forms.FileField(
        label=_("File"), allow_empty_file=True, max_length=1000, error_messages={"required": _("Select a file")}
    )
    confirm = forms.MultipleChoiceField(
        required=False, label=_("If you select the file again"), choices=[], widget=forms.CheckboxSelectMultiple
    )
    field_order = ("file", "confirm", "reason", "seen")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["confirm"].choices = [("already-filed", ""), ("active-content", ""), ("wrong-case", "")]  # type: ignore[attr-defined]
        self.fields["confirm"].widget = forms.MultipleHiddenInput()

    def ask(self, code: str, words: str) -> None:
        """Offer to confirm this one doubt when the file is sent again."""
        field = self.fields["confirm"]
        field.widget = forms.CheckboxSelectMultiple()
        field.choices = [(code, words)]  # type: ignore[attr-defined]
