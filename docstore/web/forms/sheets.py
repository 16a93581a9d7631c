"""What is asked about separator sheets."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.intake.sheets import MOST_AT_ONCE
from docstore.web.forms.cases import RefusableForm


class SheetForm(RefusableForm):
    """For what kind of paper, and how many."""

    type = forms.ChoiceField(label=_("Kind of paper"), help_text=_("Decides the section in which the paper is filed"))
    count = forms.IntegerField(
        label=_("Number of sheets"), min_value=1, max_value=MOST_AT_ONCE, initial=1, help_text=_("One for each paper")
    )

    def __init__(self, data: Any, *, sections: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["type"].choices = list(sections)  # type: ignore[attr-defined]
