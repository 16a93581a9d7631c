"""How a run of the agent ends, and how it says no on the way. Sentences are for the person beside the scanner."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """What the process answers to whoever started it. The first that applies, in this order: 6, 3, 4, 5, 1, 0."""

    ALL_SAFE = 0
    NEEDS_A_PERSON = 1
    SETTINGS_WRONG = 2
    KEY_REFUSED = 3
    SERVER_AWAY = 4
    STILL_WAITING = 5
    RECEIPT_FORGED = 6
    DISK_TROUBLE = 7


class Stopped(Exception):
    """Something that keeps the agent from going on just now; nothing was lost. `code` is how a single run then ends."""

    code = Exit.STILL_WAITING
    retry_after: float | None = None


class SettingsWrong(Stopped):
    """What the settings say cannot be used."""

    code = Exit.SETTINGS_WRONG


class ServerAway(Stopped):
    """The server cannot be reached, is busy, or answers with something that is no answer of Docstore."""

    code = Exit.SERVER_AWAY

    def __init__(self, sentence: str, *, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class BatchWaits(Stopped):
    """One batch cannot go on just now; the others can."""


class KeyRefused(Stopped):
    """The server does not accept this station's key."""

    code = Exit.KEY_REFUSED


class ReceiptForged(Stopped):
    """A receipt is not signed by the court, or does not say what was sent. No file is touched."""

    code = Exit.RECEIPT_FORGED


@dataclass(frozen=True, slots=True)
class Fault:
    """One field at fault in what was sent."""

    pointer: str
    code: str
    detail: str


class Refused(Exception):
    """The server's no to one request (RFC 9457), for a reason that does not go away by itself."""

    def __init__(self, status: int, problem: dict[str, Any], headers: dict[str, str]) -> None:
        self.status = status
        self.code = str(problem.get("code", ""))
        self.detail = str(problem.get("detail") or problem.get("title") or f"The server answered {status}.")
        self.problem = problem
        self.headers = headers
        super().__init__(self.detail)

    @property
    def faults(self) -> Sequence[Fault]:
        """The fields that are named."""
        named = self.problem.get("errors") or []
        return [
            Fault(str(one.get("pointer", "")), str(one.get("code", "")), str(one.get("detail", "")))
            for one in named
            if isinstance(one, dict)
        ]

    @property
    def sentence(self) -> str:
        """All that is said, as one paragraph."""
        return " ".join([self.detail, *(one.detail for one in self.faults if one.detail not in self.detail)])
