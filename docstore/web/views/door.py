"""The door of every page: who may come in at all, and by which method.

A view behind it is given the Actor, never the user; whether this person may do the thing is asked in the rooms.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_http_methods

from docstore.core.errors import NotFound
from docstore.web.actors import actor_of

# The view itself is called with the request, the Actor and what the address names.
PageView = Callable[..., HttpResponseBase]


def page(*methods: str) -> Callable[[PageView], Callable[..., HttpResponseBase]]:
    """Let signed-in people in, by these methods only; HEAD goes with GET.

    Where only a form is sent, its answer may be a page that says what is wrong. Whoever reloads that page, or comes
    back to it, asks for an address that is none; they are led to the page above it, which has the form.
    """
    allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)

    def guard(view: PageView) -> Callable[..., HttpResponseBase]:
        @require_http_methods(allowed)
        @login_required
        @wraps(view)
        def inner(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            actor = actor_of(request)
            if actor is None:
                raise NotFound
            return view(request, actor, **kwargs)

        @wraps(inner)
        def led_back(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if request.method == "GET" and "GET" not in allowed and (above := _page_above(request.path)):
                return see_other(above)
            return inner(request, **kwargs)

        led_back.shows_page = "GET" in allowed  # type: ignore[attr-defined] # read where an address is resolved
        return led_back

    return guard


def _page_above(path: str) -> str:
    """Return the nearest address above one that is a page; empty where there is none."""
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        above = f"/{'/'.join(parts[:length])}/"
        try:
            view = resolve(above).func
        except Resolver404:
            continue
        if getattr(view, "shows_page", False):
            return above
    return ""


def see_other(url: str) -> HttpResponse:
    """Send the browser on after a POST, so that a reload does not repeat it."""
    return HttpResponse(status=303, headers={"Location": url})
