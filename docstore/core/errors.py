"""Expected refusals. Each is a sentence for a person: the docstring of the class, with facts filled in.

Knows nothing of HTTP beyond the status that fits; `api` and `web` each turn a Refusal into an answer in one place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import cleandoc
from typing import ClassVar

from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field at fault: a JSON pointer to it, a stable code, and a sentence that says what to do."""

    pointer: str
    code: str
    detail: str


class Refusal(Exception):
    """This cannot be done."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422
    retryable: ClassVar[bool] = False
    # Written into the audit whatever its status, as 403, 404 and 423 always are.
    is_attempt: ClassVar[bool] = False

    def __init__(
        self, *, errors: tuple[FieldError, ...] = (), members: Mapping[str, object] | None = None, **facts: object
    ) -> None:
        self.facts = facts
        self.errors = errors
        self.members = dict(members or {})  # further facts for machines, beside the sentence for people
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The docstring as one paragraph in the language of whoever reads it, its {names} replaced by the facts."""
        return gettext(self.template()).format(**self.facts)

    @classmethod
    def template(cls) -> str:
        """The docstring as one paragraph: what the catalogues of languages know it by."""
        return " ".join(cleandoc(cls.__doc__ or "").split())

    def __str__(self) -> str:
        return self.sentence


class NotFound(Refusal):
    """There is nothing here, or you may not see it. Check the address or the reference."""

    code = "not-found"
    status = 404


class Forbidden(Refusal):
    """Your role does not allow this. Ask a court officer of this court."""

    code = "forbidden"
    status = 403


class Conflict(Refusal):
    """This does not fit with how things stand now. Look again and repeat it if it is still right."""

    code = "conflict"
    status = 409


class Invalid(Refusal):
    """Some of what was sent cannot be taken. Correct the fields that are named and send it again."""

    code = "invalid"
    status = 422


class Stale(Refusal):
    """Somebody else changed this in the meantime. Load it again, look at the change, and repeat yours if it still fits."""

    code = "stale"
    status = 412


class PreconditionRequired(Refusal):
    """Say which state you saw: send the ETag that you were given as If-Match."""

    code = "precondition-required"
    status = 428


class TooLarge(Refusal):
    """The file is larger than {limit}. Split it, or scan it at a lower resolution, and send it again."""

    code = "too-large"
    status = 413


class Unavailable(Refusal):
    """A part of the service is not working just now. Nothing was lost; try again in a minute."""

    code = "unavailable"
    status = 503
    retryable = True
    retry_after: ClassVar[int] = 30
    # Whether work that met this has not been tried at all: a worker puts it off, however often, and never sets it aside.
    is_outage: ClassVar[bool] = False


class DatabaseIsDown(Unavailable):
    """The database cannot be reached just now. What you sent was not taken; nothing else was lost. Try again in a minute."""

    code = "database-unavailable"


# What an HTTP status says where no refusal of ours says more: its code and a sentence.
USUAL: Mapping[int, tuple[str, str]] = {
    400: ("bad-request", "The request cannot be understood. Check its form against the OpenAPI description."),
    401: ("not-signed-in", "Send a valid key as a bearer token. It may be missing, wrong, expired or revoked."),
    403: ("forbidden", "Your role does not allow this. Ask a court officer of this court."),
    404: ("not-found", NotFound().sentence),
    405: ("method-not-allowed", "This address does not take that method."),
    406: ("not-acceptable", "This address answers JSON only."),
    415: ("media-type-not-supported", "Send JSON, or multipart/form-data where a file is sent."),
    422: ("invalid", "Some fields cannot be taken. Each is named with what to do about it."),
    429: ("too-many-requests", "Too many requests. Wait as long as Retry-After says."),
    500: (
        "server-fault",
        "Something went wrong here, and nothing was half done. Send it again later under the same idempotency key.",
    ),
}
