"""Who is written into an event."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stamp:
    """The acting person or service: ids and codes only, never names."""

    actor_id: str
    role: str
    method: str
    on_behalf_of: str = ""
    request_id: str = ""
    address: str = ""
