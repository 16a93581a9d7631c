"""What is filled in when a person asks for their data to be erased."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.core import clock
from docstore.retention.erasure_models import RefusalGround, Verdict
from docstore.retention.erasures import Decided, RequestTold
from docstore.retention.models import DisposalClass
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.records import LONG, DayField, ReasonForm

VERDICTS = {
    Verdict.REFUSE: _("Refuse: it is kept as it is"),
    Verdict.RESTRICT: _("Restrict its use: the case is sealed"),
    Verdict.PSEUDONYMISE: _("Put a pseudonym in the place of the name on the case"),
    Verdict.ERASE: _("Erase it: hidden now, destroyed when another person approves"),
}
GROUNDS = {
    RefusalGround.JUDICIAL: _("The court acts in its judicial capacity"),
    RefusalGround.LEGAL_OBLIGATION: _("The law obliges us to keep it"),
    RefusalGround.PUBLIC_TASK: _("A task in the public interest needs it"),
    RefusalGround.LEGAL_CLAIMS: _("Legal claims need it"),
    RefusalGround.ARCHIVING: _("It is kept for archiving in the public interest"),
    RefusalGround.HELD: _("A hold is on it"),
    RefusalGround.NOT_THE_PERSON: _("It is about somebody else of that name"),
}


class RequestForm(RefusableForm):
    """A request as it came."""

    person = forms.CharField(label=_("Name of the person"), max_length=160)
    also_known_as = forms.CharField(
        label=_("Other names they have used"), max_length=320, required=False, help_text=_("With commas between them")
    )
    received_on = DayField(label=_("Received on"), help_text=_("The month begins that day. For example, 24 11 2026"))
    identity = forms.CharField(
        label=_("How you made sure who is asking"),
        max_length=200,
        help_text=_("Such as passport seen; not the copy itself"),
    )
    asked = forms.CharField(label=_("What they ask for"), max_length=4000, widget=LONG)
    disposal_class = forms.ChoiceField(
        label=_("Class of the request itself"), required=False, help_text=_("Without one it is kept for three years")
    )
    field_order = ("person", "also_known_as", "received_on", "identity", "asked", "disposal_class")

    def __init__(self, data: Any, *, classes: Iterable[DisposalClass]) -> None:
        super().__init__(data)
        rows = [(str(one.pk), f"{one.code}, {one.title}") for one in classes]
        self.fields["disposal_class"].choices = [("", _("None")), *rows]  # type: ignore[attr-defined]

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError(_("The day lies in the future"))
        return day

    def told(self) -> RequestTold:
        given = self.cleaned_data
        names = ("person", "asked", "identity", "received_on", "also_known_as")
        chosen = int(given["disposal_class"]) if given["disposal_class"] else None
        return RequestTold(**{name: given[name] for name in names}, disposal_class=chosen)


class VerdictForm(ReasonForm):
    """What is decided of one record of the person."""

    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=[(str(code), text) for code, text in VERDICTS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is to happen with it")},
    )
    ground = forms.ChoiceField(
        label=_("Ground of a refusal"),
        choices=[("", _("Choose one")), *((str(code), text) for code, text in GROUNDS.items())],
        required=False,
    )
    field_order = ("verdict", "ground", "reason")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("verdict") == Verdict.REFUSE and not given.get("ground"):
            self.add_error("ground", _("Say on which ground the law lets you refuse"))
        return given

    def said(self) -> Decided:
        given = self.cleaned_data
        return Decided(Verdict(given["verdict"]), given["reason"], given["ground"])
