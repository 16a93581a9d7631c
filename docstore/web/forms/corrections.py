"""What correcting a page's text asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.web.forms.cases import RefusableForm


class CorrectionForm(RefusableForm):
    """The words as they stand on the paper, and why they were wrong. `seen` is the state that the person looked at."""

    text = forms.CharField(
        label=_("Words of the page"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
        help_text=_("Type what stands on the paper, line by line. The machine’s text is kept."),
    )
    reason = forms.CharField(
        label=_("What was wrong"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what was wrong")},
    )
    seen = forms.CharField(widget=forms.HiddenInput)


class RevertForm(RefusableForm):
    """Taking a correction back."""

    reason = forms.CharField(
        label=_("Why the machine’s text is right"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why")},
    )
    seen = forms.CharField(widget=forms.HiddenInput)
