"""The door of every page: who may come in at all, and by which method.

A view behind it is given the Actor, never the user; whether this person may do the thing is asked in the rooms.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_http_methods

from docstore.core.errors import NotFound
from docstore.web.actors import actor_of

# The view itself is called with the request, the Actor and what the address names.
PageView = Callable[..., HttpResponseBase]


def page(*methods: str) -> Callable[[PageView], Callable[..., HttpResponseBase]]:
    """Let signed-in people in, by these methods only; HEAD goes with GET."""
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

        return inner

    return guard


def see_other(url: str) -> HttpResponse:
    """Send the browser on after a POST, so that a reload does not repeat it."""
    return HttpResponse(status=303, headers={"Location": url})
