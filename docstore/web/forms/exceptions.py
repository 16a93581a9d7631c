"""What is asked about a paper whose case is not certain."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.cases.models import Case, CaseType
from docstore.intake import exceptions
from docstore.intake.models import Act, IntakeException
from docstore.web.forms.cases import RefusableForm

CHECK_AGAIN = (
    Act.CHECK_AGAIN,
    _("Check it again"),
    _("For when what stopped the check was mended. It goes on by itself, or comes back with what was found."),
)
ACTS = (
    (Act.ATTACH, _("Attach it to the case chosen above"), _("Filed for the court only. It can be moved later.")),
    (Act.CREATE_CASE, _("Create a case for it"), _("You give its number and title on the next page.")),
    (Act.RECLASSIFY, _("Say what kind of paper it is"), _("It stays here until its case is decided.")),
    (Act.RESCAN, _("Ask for a rescan"), _("The station is told which paper and why. What came is kept for a while.")),
    (
        Act.ABORT,
        _("Abort this paper"),
        _("Nothing is filed. The paper goes back to its sender, and the station is told."),
    ),
)


def acts_for(found: IntakeException) -> tuple[tuple[Act, object, object], ...]:
    """What can be done about a paper: one that has not passed its checks goes to no case."""
    again = (CHECK_AGAIN,) if exceptions.may_be_checked_again(found) else ()
    if found.item is None or exceptions.may_be_filed(found.item):
        return (*again, *ACTS)
    return (*again, *(one for one in ACTS if one[0] in (Act.RESCAN, Act.ABORT)))


class ExceptionForm(RefusableForm):
    """One case, one act, one reason."""

    case = forms.ChoiceField(required=False)
    reference = forms.CharField(required=False, max_length=100)
    act = forms.ChoiceField(
        error_messages={"required": _("Choose what should happen")},
    )
    type = forms.CharField(required=False, max_length=60)
    reason = forms.CharField(
        max_length=1000, error_messages={"required": _("Give a reason; it is kept in the history")}
    )

    def __init__(self, data: Any, *, proposed: Sequence[Case], acts: Sequence[tuple[Act, object, object]]) -> None:
        super().__init__(data)
        self.fields["act"].choices = [(act, words) for act, words, _hint in acts]  # type: ignore[attr-defined]
        choices = [(str(one.pk), one.title) for one in proposed]
        self.fields["case"].choices = [*choices, ("other", "")]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A new kind of paper must be named where that is the act."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("act") == Act.RECLASSIFY and not given.get("type"):
            self.add_error("type", _("Say what kind of paper it is"))
        return given


class NewCaseForm(RefusableForm):
    """A case for a paper that has none: at least a title, a kind and one number."""

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("As it stands on the papers, such as R v Smith")
    )
    case_type = forms.ChoiceField(label=_("Kind of case"))
    urn = forms.CharField(required=False, label=_("URN"), max_length=100)
    ccd = forms.CharField(required=False, label=_("Case number of 16 digits"), max_length=100)
    prosecutor = forms.CharField(required=False, label=_("Prosecutor’s number"), max_length=100)
    legacy = forms.CharField(required=False, label=_("Number in an earlier system"), max_length=100)
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("Kept in the history")
    )

    def __init__(self, data: Any, *, case_types: Iterable[CaseType], initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["case_type"].choices = [(one.code, one.name) for one in case_types]  # type: ignore[attr-defined]
