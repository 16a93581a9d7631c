"""Signing in and out, and choosing the language."""

from typing import Any

from allauth.account.views import LoginView, LogoutView, ReauthenticateView
from django.http import HttpRequest, HttpResponseBase


class SignIn(LoginView):  # type: ignore[misc] # allauth brings no types for its views
    """The sign-in page; the rules are in web.signin and in the settings."""

    http_method_names = ("get", "head", "post")


class SignOut(LogoutView):  # type: ignore[misc] # as above
    """End the session and have the browser forget what it kept (SEC-48)."""

    http_method_names = ("get", "head", "post")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Sign out."""
        response: HttpResponseBase = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class Reauthenticate(ReauthenticateView):  # type: ignore[misc] # as above
    """Ask for the password again before a second factor is changed."""
