"""What narrows the trail of who did what. Names and numbers become ids, so that the address holds no word."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from docstore.audit.events import Event
from docstore.audit.kinds import CATALOGUE
from docstore.documents import trails
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.documents import DayField


class TrailForm(RefusableForm):
    """Who, where, what and when. Empty fields narrow nothing."""

    person = forms.CharField(required=False, label=_("Person"), max_length=160, help_text=_("Name or user name"))
    case = forms.CharField(required=False, label=_("Case number"), max_length=100)
    document = forms.CharField(
        required=False, label=_("Document"), max_length=40, help_text=_("Its id, as the address of its page has it")
    )
    event = forms.ChoiceField(required=False, label=_("What was done"))
    since = DayField(required=False, label=_("From"), max_length=40, help_text=_("Like 24 11 2026"))
    until = DayField(required=False, label=_("To"), max_length=40, help_text=_("Like 24 11 2026"))

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        told = sorted(((str(one), gettext(CATALOGUE[one].sentence)) for one in Event), key=lambda one: one[1])
        self.fields["event"].choices = [("", gettext("Anything")), *told]  # type: ignore[attr-defined]

    def clean_person(self) -> UUID | None:
        """Return whose name this is."""
        text = self.cleaned_data["person"].strip()
        found = trails.person_named(text) if text else None
        if text and found is None:
            raise forms.ValidationError(_("Nobody has this name. Check how it is spelt"))
        return found

    def clean_case(self) -> UUID | None:
        """Return which case has this number."""
        text = self.cleaned_data["case"].strip()
        found = trails.case_numbered(text) if text else None
        if text and found is None:
            raise forms.ValidationError(_("No case has this number. Check it against the paper"))
        return found

    def clean_document(self) -> UUID | None:
        """Return the id."""
        text = self.cleaned_data["document"].strip()
        try:
            return UUID(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(_("Enter the id of a document, from the address of its page")) from error

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", gettext("The last day must not be before the first"))
        return given
