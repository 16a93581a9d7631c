"""What is filled in to hand records to an archive, and what its receipt says."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.retention.transfers import TransferTold
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.records import LONG

EXEMPTION = re.compile(r"\d{2}(\(\d{1,2}\))?(\([a-z]\))?")
LINE = re.compile(r"(?P<sha>[0-9A-Fa-f]{64})[ *\t]+(?P<path>\S.*)|(?P<path2>[^,;]+)[,;]\s*(?P<sha2>[0-9A-Fa-f]{64})")
LARGEST_RECEIPT = 20 * 1024 * 1024


class TransferForm(RefusableForm):
    """Where the records go, and whether the public may read them there."""

    archive = forms.CharField(
        label=_("Archive"), max_length=200, help_text=_("Its full name: it is held there from the receipt on")
    )
    series = forms.CharField(label=_("Reference of the series there"), max_length=80, required=False)
    reason = forms.CharField(label=_("Why they are transferred"), max_length=2000, widget=LONG)
    closure = forms.ChoiceField(
        label=_("May the public read them there?"),
        choices=[("closed", _("Not yet")), ("open", _("Yes, at once"))],
        widget=forms.RadioSelect,
        initial="closed",
    )
    closed_years = forms.IntegerField(
        label=_("For how many years not"), required=False, min_value=1, max_value=150, help_text=_("From 1 to 150")
    )
    exemption = forms.CharField(
        label=_("Exemption that closes them"),
        max_length=20,
        required=False,
        help_text=_("A section of the Freedom of Information Act, such as 32 for court records or 40(2)"),
    )
    title_alternate = forms.CharField(
        label=_("Title to be shown meanwhile"),
        max_length=200,
        required=False,
        help_text=_("Where the titles themselves are closed. Without names"),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("closure") == "closed":
            if not given.get("closed_years") and "closed_years" not in self.errors:
                self.add_error("closed_years", _("Say for how many years the public may not read them"))
            if not EXEMPTION.fullmatch(str(given.get("exemption", ""))):
                self.add_error("exemption", _("Write the section, such as 32 or 40(2)"))
        return given

    def told(self) -> TransferTold:
        given = self.cleaned_data
        is_closed = given["closure"] == "closed"
        return TransferTold(
            archive=given["archive"],
            series=given["series"],
            reason=given["reason"],
            closed_years=given["closed_years"] if is_closed else None,
            exemption=given["exemption"] if is_closed else "",
            title_alternate=given["title_alternate"] if is_closed else "",
        )


class ReceiptForm(RefusableForm):
    """The archive's receipt: its number, its reference, and the digest of every file as it has received it."""

    receipt = forms.CharField(label=_("Number of the receipt"), max_length=200)
    reference = forms.CharField(
        label=_("Reference under which the archive holds them"),
        max_length=200,
        help_text=_("It is told to whoever asks"),
    )
    checksums = forms.FileField(
        label=_("List of files with their SHA-256"),
        help_text=_("As the archive sent it: one file a line, digest and path, or path, comma and digest"),
        error_messages={"required": _("Choose the list that came with the receipt")},
    )

    def clean_checksums(self) -> dict[str, str]:
        """Return digest by path. A line that says neither is refused by its number, so that nothing is passed over."""
        file = self.cleaned_data["checksums"]
        if file.size > LARGEST_RECEIPT:
            raise forms.ValidationError(_("The list is larger than 20 MB"))
        try:
            lines = file.read().decode("utf-8-sig").splitlines()
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The list is not text")) from error
        found: dict[str, str] = {}
        for at, line in enumerate(lines, start=1):
            if not line.strip() or (at == 1 and "sha256" in line.lower()):
                continue
            told = LINE.fullmatch(line.strip())
            if told is None:
                raise forms.ValidationError(_("Line %(number)s names no file and digest") % {"number": at})
            path, digest = told["path"] or told["path2"], told["sha"] or told["sha2"]
            found[path.strip()] = digest.lower()
        return found
