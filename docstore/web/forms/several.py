"""What one act on several documents asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.documents import CLASSES


class WithdrawSeveralForm(RefusableForm):
    """Why they are withdrawn: one reason for all of them."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the history of each document"),
        error_messages={"required": _("Say why")},
    )


class ReclassifySeveralForm(WithdrawSeveralForm):
    """Who may open them from now on, and why."""

    classification = forms.ChoiceField(
        label=_("Who may open them"),
        choices=CLASSES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who may open them")},
    )
    field_order = ("classification", "reason")
