"""Choosing a court to work in."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from docstore.access.models import Court


class CourtForm(forms.Form):
    """One court, or all of one's courts."""

    court = forms.ChoiceField(required=False, label=_("Court"), widget=forms.RadioSelect)

    def __init__(self, *given: Any, courts: Iterable[Court], **more: Any) -> None:
        super().__init__(*given, **more)
        known = [(one.code, one.name) for one in courts]
        self.fields["court"].choices = [("", gettext("All my courts")), *known]  # type: ignore[attr-defined]
