"""What is asked about scanning stations and their keys."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.access.models import Court
from docstore.intake.models import Station
from docstore.web.forms.cases import RefusableForm


class RegisterStationForm(RefusableForm):
    """A new station: where it stands and what it is called."""

    court = forms.ChoiceField(label=_("Court"))
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("As people say it, such as Post room, scanner 2")
    )
    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]*$",
        label=_("Short name"),
        max_length=60,
        help_text=_("Small letters, digits and hyphens, such as northgate-post-2. It cannot be changed."),
        error_messages={"invalid": _("Use small letters, digits and hyphens only.")},
    )

    def __init__(self, data: Any, *, courts: Iterable[Court]) -> None:
        super().__init__(data)
        self.fields["court"].choices = [(one.code, one.name) for one in courts]  # type: ignore[attr-defined]


class ChangeStationForm(RefusableForm):
    """What can be changed about a station."""

    name = forms.CharField(label=_("Name"), max_length=120)
    is_enabled = forms.BooleanField(label=_("It may send batches"), required=False)
    section = forms.CharField(
        label=_("Section for its papers"),
        max_length=40,
        required=False,
        help_text=_("The code of a section, where the kind of paper names none. Empty: the usual one."),
    )
    container = forms.CharField(
        label=_("Container"), max_length=40, required=False, help_text=_("For a supplier’s envelopes only")
    )
    jurisdiction = forms.CharField(label=_("Jurisdiction"), max_length=40, required=False)
    po_box = forms.CharField(label=_("PO box"), max_length=40, required=False)
    takes_payments = forms.BooleanField(label=_("Its envelopes may name payments"), required=False)

    def __init__(self, data: Any, *, station: Station) -> None:
        super().__init__(data, initial={name: getattr(station, name) for name in self.base_fields})


class KeyForm(RefusableForm):
    """A new key: what it is for, from where, and for how long."""

    label = forms.CharField(
        label=_("What the key is for"), max_length=80, help_text=_("Such as: agent on the post room PC")
    )
    addresses = forms.CharField(
        label=_("Addresses"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Networks that it may come from, one to a line, such as 192.0.2.0/24. Empty: from anywhere."),
    )
    certificate = forms.CharField(
        label=_("Client certificate"),
        required=False,
        max_length=120,
        help_text=_("Its SHA-256 thumbprint, if the station shows one"),
    )
    days = forms.IntegerField(label=_("Valid for days"), min_value=1, max_value=730, initial=365)
