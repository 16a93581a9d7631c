"""How the child says no.

Raised anywhere inside, sent over the wire by name, raised again as a Refusal or fault outside.
"""


class Refused(Exception):
    """The file cannot be taken; `name` is the refusal's class outside, `facts` fill its sentence."""

    def __init__(self, name: str, **facts: object) -> None:
        self.name = name
        self.facts = facts
        super().__init__(name)


class Failed(Exception):
    """This page cannot be read; `name` is the fault's class outside."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(reason)
