"""What letting people in, naming them, barring them and seeing them off asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.access.roles import ROLES
from docstore.cases.actions import MEMBER_ROLES
from docstore.cases.admissions import GROUNDS
from docstore.cases.models import Party, Side
from docstore.web import words
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.documents import DayField

PERSON_HELP = _("Their sign-in name, or their name as it stands in the service")


class AskForm(RefusableForm):
    """A case by its number, and why."""

    number = forms.CharField(label=_("Case number"), max_length=100, help_text=_("As it stands on the paper"))
    ground = forms.ChoiceField(
        label=_("Why do you need it?"),
        choices=[(code, _(words)) for code, words in GROUNDS.items()],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("In your own words"),
        help_text=_("It is kept with the case, and people who watch access read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )


class DecideForm(RefusableForm):
    """What the court answers to somebody who asked."""

    until = DayField(required=False, label=_("Last day"), max_length=40, help_text=_("Like 14 6 2026; up to 90 days"))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


class MemberForm(RefusableForm):
    """Somebody to be named on the case."""

    person = forms.CharField(label=_("Person"), max_length=120, help_text=PERSON_HELP)
    role = forms.ChoiceField(label=_("As"), initial="defence")
    side = forms.ChoiceField(
        label=_("Side"), choices=[(str(side), words.side(side)) for side in Side], initial=str(Side.DEFENCE)
    )
    party = forms.ModelChoiceField(
        Party.objects.none(), required=False, label=_("For"), empty_label=_("No one party"), to_field_name="id"
    )
    from_on = DayField(required=False, label=_("From"), max_length=40, help_text=_("Empty means from now"))
    to_on = DayField(required=False, label=_("Until"), max_length=40, help_text=_("Empty means until it is ended"))

    def __init__(self, data: Any = None, *, parties: Any) -> None:
        super().__init__(data)
        roles = sorted(MEMBER_ROLES, key=lambda code: list(ROLES).index(code))
        self.fields["role"].choices = [(code, ROLES[code].name) for code in roles]  # type: ignore[attr-defined]
        self.fields["party"].queryset = parties  # type: ignore[attr-defined]
        self.fields["party"].label_from_instance = lambda party: party.name  # type: ignore[attr-defined]


class BarForm(RefusableForm):
    """Somebody to be barred from the case."""

    person = forms.CharField(label=_("Person"), max_length=120, help_text=PERSON_HELP)
    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)


class PersonForm(RefusableForm):
    """Somebody to ask about."""

    person = forms.CharField(label=_("Person"), max_length=120, help_text=PERSON_HELP)


class LeaverForm(RefusableForm):
    """Why somebody's access is kept or ended."""

    reason = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False)
