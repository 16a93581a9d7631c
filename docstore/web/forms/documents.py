"""What filing and the acts on a document ask for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.cases.queries import SectionView
from docstore.web import dates, words
from docstore.web.forms.cases import RefusableForm

CLASSES = [(str(int(code)), text) for code, text in words.CLASSIFICATIONS.items()]


class DayField(forms.CharField):
    """A day as people write it: 14 6 2026, 14/06/2026 or 14 June 2026."""

    def clean(self, value: Any) -> Any:
        """Return the day, or nothing for nothing."""
        text = super().clean(value)
        found = dates.parse_day(text) if text else None
        if text and found is None:
            raise forms.ValidationError(_("Enter the date like this: 14 6 2026"))
        return found


class ActForm(RefusableForm):
    """An act with its reason. `seen` is the state that the person looked at, so that nobody overwrites another."""

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the history of the document"),
        error_messages={"required": _("Say why")},
    )


class RereadForm(RefusableForm):
    """Reading again needs no reason."""

    seen = forms.CharField(widget=forms.HiddenInput)


class ReclassifyForm(ActForm):
    """Who may open it from now on."""

    classification = forms.ChoiceField(label=_("Who may open it"), choices=CLASSES, widget=forms.RadioSelect)
    field_order = ("classification", "reason", "seen")


class SealForm(ActForm):
    """A seal, and who is named in the order."""

    named = forms.CharField(
        required=False,
        label=_("People named in the order"),
        help_text=_(
            "User names, with spaces between. Court officers, advisers and judges of the court can open it in any case"
        ),
    )


class PlaceForm(ActForm):
    """Another case, and then a section of it: the sections are asked for once the case is known."""

    reference = forms.CharField(label=_("Number of the other case"), max_length=100)
    section = forms.ChoiceField(label=_("Section there"), error_messages={"required": _("Choose a section")})
    field_order = ("reference", "section", "reason", "seen")

    def __init__(self, *given: Any, sections: Iterable[SectionView], target: str = "", **more: Any) -> None:
        super().__init__(*given, **more)
        self.target = target
        choices = [(one.section.code, words.named(one.section)) for one in sections]
        if not choices:
            del self.fields["section"]
            return
        self.fields["section"].choices = [("", _("Choose a section")), *choices]  # type: ignore[attr-defined]
        self.fields["section"].help_text = target


class MoveForm(PlaceForm):
    """Where a misfiled document belongs."""


class ShowForm(PlaceForm):
    """Where a document is to be shown too."""


class AmendForm(ActForm):
    """What is said of a document."""

    title = forms.CharField(label=_("Title"), max_length=200)
    type = forms.CharField(required=False, label=_("Kind"), max_length=60, help_text=_("Such as statement or order"))
    dated_on = DayField(required=False, label=_("Dated"), max_length=40, help_text=_("As on the paper, like 14 6 2026"))
    received_on = DayField(
        required=False,
        label=_("Received"),
        max_length=40,
        help_text=_("When the court got it, if that was not the day of filing"),
    )
    language = forms.ChoiceField(
        required=False, label=_("Language"), choices=[("", _("Not said")), ("en", _("English")), ("cy", _("Welsh"))]
    )
    parties = forms.MultipleChoiceField(
        required=False, label=_("Parties whom it concerns"), widget=forms.CheckboxSelectMultiple
    )
    hearings = forms.MultipleChoiceField(
        required=False, label=_("Hearings that it is for"), widget=forms.CheckboxSelectMultiple
    )
    application = forms.ChoiceField(required=False, label=_("Application that it belongs to"))
    field_order = (
        "title",
        "type",
        "dated_on",
        "received_on",
        "language",
        "parties",
        "hearings",
        "application",
        "reason",
        "seen",
    )

    def __init__(
        self,
        *given: Any,
        parties: Iterable[tuple[str, str]],
        hearings: Iterable[tuple[str, str]],
        applications: Iterable[tuple[str, str]],
        **more: Any,
    ) -> None:
        super().__init__(*given, **more)
        for name, choices in (("parties", parties), ("hearings", hearings), ("application", applications)):
            told = list(choices)
            if not told:
                del self.fields[name]
                continue
            first = [("", _("None"))] if name == "application" else []
            self.fields[name].choices = [*first, *told]  # type: ignore[attr-defined]


class OrderForm(ActForm):
    """A new order of pages."""

    order = forms.CharField(
        label=_("Pages in their new order"), max_length=2000, help_text=_("Each page once, like 3, 1-2, 4-9")
    )
    field_order = ("order", "reason", "seen")


class SplitForm(ActForm):
    """Pages that become documents of their own: up to four at a time."""

    PARTS = 4

    def __init__(self, *given: Any, sections: Iterable[SectionView], **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [(one.section.code, words.named(one.section)) for one in sections]
        for at in range(1, self.PARTS + 1):
            self.fields[f"title_{at}"] = forms.CharField(
                required=False, label=_("Title of new document %(at)d") % {"at": at}, max_length=200
            )
            self.fields[f"pages_{at}"] = forms.CharField(
                required=False, label=_("Its pages"), max_length=400, help_text=_("Like 1-3, 5")
            )
            self.fields[f"section_{at}"] = forms.ChoiceField(label=_("Its section"), choices=choices)
        names = [f"{name}_{at}" for at in range(1, self.PARTS + 1) for name in ("title", "pages", "section")]
        self.order_fields([*names, "reason", "seen"])


class NewVersionForm(ActForm):
    """A file that takes the place of the current version; the earlier one stays."""

    file = forms.FileField(
        label=_("File"), allow_empty_file=True, max_length=1000, error_messages={"required": _("Select a file")}
    )
    confirm = forms.MultipleChoiceField(
        required=False, label=_("If you select the file again"), choices=[], widget=forms.CheckboxSelectMultiple
    )
    field_order = ("file", "confirm", "reason", "seen")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["confirm"].choices = [("already-filed", ""), ("active-content", ""), ("wrong-case", "")]  # type: ignore[attr-defined]
        self.fields["confirm"].widget = forms.MultipleHiddenInput()

    def ask(self, code: str, words: str) -> None:
        """Offer to confirm this one doubt when the file is sent again."""
        field = self.fields["confirm"]
        field.widget = forms.CheckboxSelectMultiple()
        field.choices = [(code, words)]  # type: ignore[attr-defined]
