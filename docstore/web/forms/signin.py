"""The sign-in form: allauth's, with labels instead of placeholders, which vanish when one types."""

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):  # type: ignore[misc] # allauth brings no types for it
    """User name and password. Pasting and password managers work in both (WCAG 3.3.8)."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["login"].label = _("User name")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.update({"autocapitalize": "none", "spellcheck": "false"})
