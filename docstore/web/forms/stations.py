"""What is asked about scanning stations and their keys."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from docstore.access.models import Court
from docstore.cases.models import CaseType
from docstore.intake.models import Station
from docstore.intake.quality_policy import Policy
from docstore.web.forms.cases import RefusableForm
from docstore.web.scanwords import NAMES


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
    tray = forms.CharField(
        label=_("Tray for its paper"),
        max_length=40,
        required=False,
        help_text=_("Where paper lies after its receipt, such as: tray 4. Empty: no tray is named."),
    )
    paper_days = forms.IntegerField(
        label=_("Days until paper may be shredded"),
        min_value=0,
        max_value=3650,
        help_text=_("Counted from the receipt. What waits for a decision is kept until it is decided."),
    )

    def __init__(self, data: Any, *, station: Station) -> None:
        super().__init__(data, initial={name: getattr(station, name) for name in self.base_fields})


class ScanPolicyForm(RefusableForm):
    """From when on a scan is in doubt at this station, and what comes of it."""

    splits_at_blanks = forms.BooleanField(
        label=_("An empty page ends a paper"),
        required=False,
        help_text=_("The empty pages are left out of the papers."),
    )
    least_dpi = forms.IntegerField(
        label=_("Lowest resolution"), min_value=50, max_value=600, help_text=_("In dots to the inch")
    )
    most_skew = forms.FloatField(label=_("Most crooked"), min_value=0.5, max_value=10, help_text=_("In degrees"))
    least_confidence = forms.IntegerField(
        label=_("Least certain"), min_value=0, max_value=100, help_text=_("Of the words of a page, in per cent")
    )
    holds = forms.MultipleChoiceField(
        label=_("Put a paper before a person first where a page is"),
        required=False,
        choices=[(str(doubt), words) for doubt, words in NAMES.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, station: Station) -> None:
        policy = Policy.of(station)
        super().__init__(
            data,
            initial={
                "splits_at_blanks": station.splits_at_blanks,
                "least_dpi": round(policy.least_dpi),
                "most_skew": policy.most_skew,
                "least_confidence": round(policy.least_confidence),
                "holds": sorted(policy.holds),
            },
        )


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
    jurisdictions = forms.MultipleChoiceField(
        label=_("Jurisdictions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What it sends goes to cases of these alone. None chosen: to all that the court hears."),
    )
    case_types = forms.MultipleChoiceField(
        label=_("Kinds of case"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What it sends goes to cases of these kinds alone. None chosen: to all kinds."),
    )
    days = forms.IntegerField(label=_("Valid for days"), min_value=1, max_value=730, initial=365)

    def __init__(self, data: Any, *, kinds: Iterable[CaseType]) -> None:
        super().__init__(data)
        known = list(kinds)
        heard = list(dict.fromkeys(one.jurisdiction for one in known))
        self.fields["case_types"].choices = [(one.code, gettext(one.name)) for one in known]  # type: ignore[attr-defined] # a field of choices
        self.fields["jurisdictions"].choices = [(one, one.capitalize()) for one in heard]  # type: ignore[attr-defined] # likewise
