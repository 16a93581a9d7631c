"""How somebody looks at a document: how large, in which version, brought by which search. Carried in addresses.

Only numbers and opaque ids travel there, never a word (SEC-51).
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

FIT = 100
ZOOMS = (50, 75, FIT, 125, 150, 200, 300, 400)
_SEARCH = re.compile(r"[\w-]{1,40}")


@dataclass(frozen=True, slots=True)
class Looking:
    """`zoom` is a share of the width of the page's place; `search` the id of a kept search, `version` 0 for current."""

    search: str = ""
    zoom: int = FIT
    version: int = 0

    @property
    def tail(self) -> str:
        """What an address ends with so that the next page is looked at in the same way."""
        named = {"s": self.search, "zoom": self.zoom if self.zoom != FIT else "", "version": self.version or ""}
        kept = {name: value for name, value in named.items() if value}
        return f"?{urlencode(kept)}" if kept else ""

    def at(self, zoom: int) -> "Looking":
        """The same, larger or smaller."""
        return replace(self, zoom=zoom)

    @property
    def smaller(self) -> int:
        """The step below, or 0 where there is none."""
        return max((one for one in ZOOMS if one < self.zoom), default=0)

    @property
    def larger(self) -> int:
        """The step above, or 0."""
        return min((one for one in ZOOMS if one > self.zoom), default=0)


def looking(asked: QueryDict, *, search: str = "") -> Looking:
    """Read it from an address or a form; what is not understood is left at its usual."""
    name, zoom, version = asked.get("s", ""), asked.get("zoom", ""), asked.get("version", "")
    return Looking(
        search=search or (name if _SEARCH.fullmatch(name) else ""),
        zoom=int(zoom) if zoom.isdigit() and len(zoom) < 4 and int(zoom) in ZOOMS else FIT,
        version=int(version) if version.isdigit() and len(version) < 5 else 0,
    )
