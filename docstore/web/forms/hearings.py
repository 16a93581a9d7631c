"""What listing asks for: a hearing, who works in a courtroom, and a list as a file."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.access.models import Court
from docstore.web import dates
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.documents import DayField

LONGEST_LIST = 2 * 1024 * 1024


class TimeField(forms.CharField):
    """A time as people write it: 10:30, 10.30, 2pm."""

    def clean(self, value: Any) -> Any:
        """Return the time of day."""
        found = dates.parse_time(super().clean(value))
        if found is None:
            raise forms.ValidationError(_("Enter the time like this: 10:30 or 2pm"))
        return found


class HearingForm(RefusableForm):
    """A sitting of one case."""

    on = DayField(label=_("Day"), max_length=40, help_text=_("Like 24 11 2026"))
    at = TimeField(label=_("Time"), max_length=12, help_text=_("Like 10:30 or 2pm"))
    room = forms.CharField(label=_("Courtroom"), max_length=40)
    kind = forms.CharField(label=_("Kind of hearing"), max_length=80, help_text=_("Such as First hearing or Trial"))
    judges = forms.CharField(required=False, label=_("Judge or magistrates"), max_length=200)


class VacateForm(RefusableForm):
    """Taking a hearing off the list."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why")},
    )


class DutyForm(RefusableForm):
    """Who works in the courtroom."""

    person = forms.CharField(label=_("User name"), max_length=60, widget=forms.TextInput(attrs={"list": "staff"}))
    in_place_of = forms.ChoiceField(required=False, label=_("In place of"))

    def __init__(self, *given: Any, present: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["in_place_of"].choices = [("", _("Nobody")), *present]  # type: ignore[attr-defined]


class ImportForm(RefusableForm):
    """A list of hearings as CSV."""

    court = forms.ChoiceField(label=_("Court"))
    file = forms.FileField(
        label=_("List"),
        allow_empty_file=True,
        help_text=_("CSV with the columns reference, date, time, room, hearing; also judges and listing_id"),
        error_messages={"required": _("Select a file")},
    )

    def __init__(self, *given: Any, courts: Iterable[Court], **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["court"].choices = [(one.code, one.name) for one in courts]  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse what no list of a court could be."""
        file = self.cleaned_data["file"]
        if file.size > LONGEST_LIST:
            raise forms.ValidationError(_("The list is larger than 2 MB. Split it by day"))
        return file
