"""Who is asking: the signed-in person as an Actor, made once per request from the roles held at this moment."""

from typing import cast

from django.http import HttpRequest

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.access.models import User

KEPT = "docstore.actor"
METHOD = "session"


def actor_of(request: HttpRequest) -> Actor | None:
    """Return who is signed in, or None. Roles are read anew with every request, so a change counts at once."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    if KEPT not in request.META:
        request.META[KEPT] = actor_for(request, cast(User, user))
    return cast(Actor, request.META[KEPT])


def actor_for(request: HttpRequest, user: User) -> Actor:
    """Return `user` as the actor of this request."""
    return access.actor_for(
        user,
        method=METHOD,
        request_id=str(getattr(request, "request_id", "")),
        address=str(request.META.get("REMOTE_ADDR", "")),
    )
