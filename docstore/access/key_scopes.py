"""What a key may be narrowed to. A key without scopes may do whatever the roles of its holder allow."""

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
