"""The forms of signing in: allauth's, with labels instead of placeholders, which vanish when one types, and in our words."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
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


class _CodeField:
    """What every form that asks for a code says of it. Pasting works, and telephones offer the code by themselves."""

    hint = _("Six figures from your app, or one of your spare codes")

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["code"]  # type: ignore[attr-defined] # beside a form
        field.label, field.help_text = _("Code"), self.hint
        field.error_messages["required"] = _("Type the code")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs.update({"autocapitalize": "none", "spellcheck": "false", "size": "12"})


class CodeForm(_CodeField, codes.AuthenticateForm):  # type: ignore[misc] # as above
    """The second step of signing in."""


class CodeAgainForm(_CodeField, codes.ReauthenticateForm):  # type: ignore[misc] # as above
    """A code, before the ways of signing in are changed."""


class FirstCodeForm(_CodeField, ActivateTOTPForm):  # type: ignore[misc] # as above
    """The code by which an app shows that it was set up."""

    hint = _("Six figures from your app")


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc] # as above
    """The password, before the ways of signing in are changed."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["password"].label = _("Password")
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].error_messages["required"] = _("Type your password")


class _KeyName:
    """The name by which a person knows a key."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        field = self.fields["name"]  # type: ignore[attr-defined] # beside a form
        field.label, field.help_text = _("Name of the key"), _("Such as “blue key” or “office computer”")
        field.error_messages["required"] = _("Give the key a name")


class AddKeyForm(_KeyName, AddWebAuthnForm):  # type: ignore[misc] # as above
    """A new security key."""


class RenameKeyForm(_KeyName, EditWebAuthnForm):  # type: ignore[misc] # as above
    """Another name for a security key."""
