"""What a station's court wants of a scan: from which measure on a doubt counts, and which doubts hold a paper back.

Without a policy every doubt counts as the survey found it, and none holds anything: doubts are advice (api.md §11).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from docstore.core.errors import Invalid
from docstore.intake.models import Station
from docstore.reading.shapes import Doubt, Finding

LEAST_DPI = 195.0
MOST_SKEW = 1.0
LEAST_CONFIDENCE = 60.0


class UnknownDoubt(Invalid):
    """“{name}” is not a doubt about a page that is known here."""

    code = "doubt-unknown"


@dataclass(frozen=True, slots=True)
class Policy:
    """Dots per inch, degrees and per cent from which a doubt counts; and which doubts put a paper before a person."""

    least_dpi: float = LEAST_DPI
    most_skew: float = MOST_SKEW
    least_confidence: float = LEAST_CONFIDENCE
    holds: frozenset[Doubt] = field(default_factory=frozenset)

    @classmethod
    def of(cls, station: Station) -> "Policy":
        told = json.loads(station.quality or "{}")
        holds = frozenset(Doubt(one) for one in told.get("holds", ()))
        return cls(
            least_dpi=float(told.get("least_dpi", LEAST_DPI)),
            most_skew=float(told.get("most_skew", MOST_SKEW)),
            least_confidence=float(told.get("least_confidence", LEAST_CONFIDENCE)),
            holds=holds,
        )

    @property
    def packed(self) -> str:
        """The policy as a station keeps it."""
        told: Mapping[str, object] = {
            "least_dpi": self.least_dpi,
            "most_skew": self.most_skew,
            "least_confidence": self.least_confidence,
            "holds": sorted(self.holds),
        }
        return json.dumps(told)

    def counts(self, found: Finding) -> bool:
        """Whether a doubt is one under this policy."""
        match found.doubt:
            case Doubt.LOW_RESOLUTION:
                return found.measured < self.least_dpi
            case Doubt.SKEWED:
                return abs(found.measured) > self.most_skew
            case Doubt.UNCLEAR:
                return found.measured < self.least_confidence
            case _:
                return True


def doubts(names: Iterable[str]) -> frozenset[Doubt]:
    """Return doubts by their names; raise UnknownDoubt."""
    found = set()
    for name in names:
        if name not in set(Doubt):
            raise UnknownDoubt(name=name[:40])
        found.add(Doubt(name))
    return frozenset(found)
