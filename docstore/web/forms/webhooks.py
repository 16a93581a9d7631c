"""What is asked about webhooks."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from docstore.access.models import Court
from docstore.intake.subscriptions import Webhook
from docstore.web.forms.cases import RefusableForm


class WebhookForm(RefusableForm):
    """A new webhook: of which court, for whom, and where."""

    court = forms.ChoiceField(label=_("Court"))
    name = forms.CharField(label=_("Who is told"), max_length=120)
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("It must begin with https:// and be on the list of allowed hosts"),
    )

    def __init__(self, data: Any, *, courts: Iterable[Court]) -> None:
        super().__init__(data)
        self.fields["court"].choices = [(one.code, one.name) for one in courts]  # type: ignore[attr-defined]


class ChangeWebhookForm(RefusableForm):
    """What can be changed about a webhook."""

    name = forms.CharField(label=_("Who is told"), max_length=120)
    url = forms.CharField(label=_("Address"), max_length=500)
    is_enabled = forms.BooleanField(label=_("It is told of events"), required=False)

    def __init__(self, data: Any, *, webhook: Webhook) -> None:
        super().__init__(data, initial={name: getattr(webhook, name) for name in self.base_fields})
