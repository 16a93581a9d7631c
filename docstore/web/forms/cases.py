"""Finding and opening cases."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.access.models import Court
from docstore.cases.models import CaseStatus, CaseType, Classification
from docstore.core.errors import Refusal
from docstore.web import attempts, words


class RefusableForm(forms.Form):
    """A form that can show what a room refused beside the field at fault."""

    def take(self, refusal: Refusal) -> None:
        """Show a refusal: at its field where the pointer names one of ours, else at the top."""
        attempts.note(refusal)
        for error in refusal.errors:
            name = error.pointer.strip("/").split("/")[0]
            self.add_error(name if name in self.fields else None, error.detail)
        if not refusal.errors:
            self.add_error(None, refusal.sentence)


class FindCaseForm(forms.Form):
    """What narrows the list of cases. Sent with GET: numbers only travel there if the person types them."""

    reference = forms.CharField(required=False, label=_("Case number"), max_length=100)
    title = forms.CharField(required=False, label=_("Words of the title"), max_length=100)
    court = forms.ChoiceField(required=False, label=_("Court"))
    status = forms.ChoiceField(
        required=False,
        label=_("State"),
        choices=[("", _("Open and closed")), (str(CaseStatus.OPEN), _("Open")), (str(CaseStatus.CLOSED), _("Closed"))],
    )

    def __init__(self, data: Any, *, courts: Iterable[Court]) -> None:
        super().__init__(data)
        found = [(one.code, one.name) for one in courts]
        self.fields["court"].choices = [("", _("All your courts")), *found]  # type: ignore[attr-defined]
        if len(found) < 2:
            del self.fields["court"]


class OpenCaseForm(RefusableForm):
    """A new case: at least a title, a court and a kind."""

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("As it stands on the papers, such as R v Smith")
    )
    court = forms.ChoiceField(label=_("Court"))
    case_type = forms.ChoiceField(label=_("Kind of case"), help_text=_("Decides which sections the file has"))
    urn = forms.CharField(
        required=False, label=_("URN"), max_length=100, help_text=_("Two digits, two letters, seven digits")
    )
    ccd = forms.CharField(required=False, label=_("Case number of 16 digits"), max_length=100)
    prosecutor = forms.CharField(required=False, label=_("Prosecutor’s number"), max_length=100)
    legacy = forms.CharField(required=False, label=_("Number in an earlier system"), max_length=100)
    classification = forms.ChoiceField(
        label=_("Who may open it at most"),
        choices=[(str(int(code)), text) for code, text in words.CLASSIFICATIONS.items()],
        initial=str(int(Classification.PRIVATE)),
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, *, courts: Iterable[Court], case_types: Iterable[CaseType]) -> None:
        super().__init__(data)
        self.fields["court"].choices = [(one.code, one.name) for one in courts]  # type: ignore[attr-defined]
        self.fields["case_type"].choices = [(one.code, words.named(one)) for one in case_types]  # type: ignore[attr-defined]
