"""What is asked about a scanned page in doubt."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.intake.quality import ACTS, QUARTERS
from docstore.web.forms.cases import RefusableForm


class ReviewForm(RefusableForm):
    """One act; a reason where the station or the history needs one."""

    act = forms.ChoiceField(
        choices=[(name, name) for name in ACTS], error_messages={"required": _("Choose what should happen")}
    )
    degrees = forms.TypedChoiceField(
        coerce=int, required=False, empty_value="90", choices=[(one, str(one)) for one in QUARTERS]
    )
    reason = forms.CharField(required=False, max_length=1000)

    def clean(self) -> dict[str, Any]:
        """A station must be told why it is to scan again."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("act") == "rescan" and not given.get("reason", "").strip():
            self.add_error("reason", _("Say why it must be scanned again; the station is told"))
        return given
