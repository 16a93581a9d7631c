"""What a key may be narrowed to. A key without scopes may do whatever the roles of its holder allow."""

import json
from dataclasses import dataclass
from enum import StrEnum


class KeyScope(StrEnum):
    """One narrow use of a key (design/api.md §2). The roles of the holder still decide; a scope only takes away."""

    INTAKE_WRITE = "intake:write"
    INTAKE_READ = "intake:read"
    STATEMENT_WRITE = "statement:write"
    CASE_LOOKUP = "case:lookup"
    DOCUMENT_READ = "document:read"
    EXPORT_READ = "export:read"
    ADMIN_STATIONS = "admin:stations"


STATION_SCOPES = (KeyScope.INTAKE_WRITE, KeyScope.INTAKE_READ, KeyScope.STATEMENT_WRITE)


@dataclass(frozen=True, slots=True)
class KeyLimits:
    """For which cases a key is good: kinds of case and jurisdictions, by their codes; all where it names none (DOM-13.2)."""

    case_types: frozenset[str] = frozenset()
    jurisdictions: frozenset[str] = frozenset()

    @property
    def is_narrow(self) -> bool:
        return bool(self.case_types or self.jurisdictions)

    def admits(self, *, case_type: str, jurisdiction: str) -> bool:
        """Whether cases of this kind are among them; where both are named, both must fit."""
        fits = not self.case_types or case_type in self.case_types
        return fits and (not self.jurisdictions or jurisdiction in self.jurisdictions)

    @property
    def packed(self) -> str:
        """As text, for what goes on after the key was used; empty where it is good for all."""
        told = {"case_types": sorted(self.case_types), "jurisdictions": sorted(self.jurisdictions)}
        return json.dumps(told) if self.is_narrow else ""

    @classmethod
    def unpacked(cls, text: str) -> "KeyLimits":
        """Read what `packed` wrote."""
        told = json.loads(text) if text else {}
        return cls(frozenset(told.get("case_types", ())), frozenset(told.get("jurisdictions", ())))


NO_LIMITS = KeyLimits()
