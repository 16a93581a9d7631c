"""A bearer key becomes an Actor. Keys are the only way into the API; sessions belong to the pages."""

from dataclasses import dataclass, field

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from docstore.access.actions import note_key_used
from docstore.access.actor import Actor
from docstore.access.models import ServiceKey, User
from docstore.access.queries import actor_for, user_of_key
from docstore.api.peers import address_of, certificate_of


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """What DRF calls a user: the actor of this request."""

    actor: Actor
    is_authenticated: bool = field(default=True)

    @property
    def pk(self) -> object:
        return self.actor.user_id


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer ds_<env>_<key id>_<secret>`."""

    def authenticate(self, request: Request) -> tuple[KeyHolder, ServiceKey] | None:
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        found = None
        if scheme.lower() == "bearer":
            found = user_of_key(text.strip(), address=address_of(request), certificate=certificate_of(request))
        if found is None:
            raise AuthenticationFailed
        user, key = found
        note_key_used(key)
        return KeyHolder(_actor(request, user, key)), key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _actor(request: Request, user: User, key: ServiceKey) -> Actor:
    return actor_for(
        user,
        method=f"key:{key.pk}",
        request_id=getattr(request, "request_id", ""),
        address=address_of(request),
        scopes=frozenset(key.scopes.split()),
        limits=key.limits,
    )


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # registers itself, untyped there
    """How the key is described in OpenAPI."""

    target_class = "docstore.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "ds_<env>_<key id>_<secret>"}
