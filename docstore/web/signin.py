"""Sign-in policy: no accounts by oneself, every sign-in written down, sessions that end by themselves.

Knows allauth and the session; the passwords and second factors themselves are allauth's.
"""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from docstore.access import actions as access
from docstore.access.models import User
from docstore.core import clock
from docstore.web.actors import actor_for, actor_of

BEGAN = "began"
SEEN = "seen"
# The last request is written down once a minute, so that reading does not write a session row each time.
SEEN_GRAIN = 60
# What an open page asks by itself is no sign that anybody sits before it.
BY_ITSELF = "X-Asked-By"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth brings no types for it
    """What allauth asks the product."""

    # One sentence whoever exists (SEC-55), and in our words: the library has no Welsh.
    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account has ended. Ask whoever manages people at your court."),
        "username_password_mismatch": _("User name and password do not fit together. Check both and try again."),
        "incorrect_password": _("That is not your password. Try again."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by those who manage people."""
        return False

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        """Write the sign-in down before the person is let in."""
        access.record_sign_in(by=actor_for(request, user))
        request.session[BEGAN] = request.session[SEEN] = clock.seconds()
        return cast(HttpResponse, super().post_login(request, user, **facts))

    def logout(self, request: HttpRequest) -> None:
        """Write the sign-out down, then end the session."""
        actor = actor_of(request)
        if actor:
            access.record_sign_out(by=actor)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write the refused attempt down."""
        access.record_failed_sign_in(
            username=str(credentials.get("username", "")),
            request_id=str(getattr(request, "request_id", "")),
            address=str(request.META.get("REMOTE_ADDR", "")),
        )
        super().authentication_failed(request, **credentials)

    def add_message(self, *_: Any, **__: Any) -> None:
        """Say nothing of one's own: the pages say what happened."""


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth brings no types for it
    """What allauth says about second steps, in our words."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code does not fit. Type the one that the app shows now."),
        "cannot_delete_authenticator": _("Your court asks for a second step. Set up another before you end this one."),
        "cannot_generate_recovery_codes": _("Set up an app or a security key first."),
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:
        """Offer a name for a new key."""
        del user, type
        return gettext("My security key")


class SessionPolicy:
    """End a session that was idle or open for too long (SEC-59). The times are kept on the server."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Sign the person out where a limit has passed, then go on as nobody."""
        if request.user.is_authenticated:
            self._check(request)
        return self.get_response(request)

    def _check(self, request: HttpRequest) -> None:
        now = clock.seconds()
        began = float(request.session.get(BEGAN, now))
        seen = float(request.session.get(SEEN, now))
        if now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_LONGEST_SECONDS:
            logout(request)
            messages.info(request, "You were signed out because your session ended. Sign in to go on.")
        elif request.headers.get(BY_ITSELF) != "page" and (now - seen > SEEN_GRAIN or SEEN not in request.session):
            request.session.setdefault(BEGAN, now)
            request.session[SEEN] = now
