"""The database's own refusals, for both databases: held records are not deleted, by anybody, raw SQL included (RET-E10);
what is approved or was told is not changed (RET-A2, C3, DOM-1.6); a regulatory class is neither dropped nor softened (RET-A14).

They look into several tables, and SQLite remakes a table to change it; so they are not part of a migration: the
`migrate` command takes them off before and puts them on after (ADR 0041).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

from docstore.core.errors import Refusal

HELD = "a hold is in force on this record"
FIXED = "this is never changed once it counts"
EMPTIED = "this table is never emptied at once"
PREFIX = "docstore_retention_"


class RecordIsHeld(Refusal):
    """A hold is in force on this record, so nothing of it can be deleted or replaced. A records manager can say which one."""

    code = "held"
    status = 423


@dataclass(frozen=True, slots=True)
class Guard:
    """One refusal: what is refused on which table, and when. The condition speaks of OLD, or of NEW for an INSERT."""

    name: str
    table: str
    act: str
    says: str
    when: str = ""


def _held(document: str = "NULL", case: str = "NULL") -> str:
    """True where a hold in force covers a document, through any case it stands on, or a case itself."""
    cases = (
        f"SELECT f.case_id FROM docstore_filing f WHERE f.document_id = {document}"
        " AND (f.ended_at IS NULL OR f.ended_at >= h.placed_at)"
        if case == "NULL"
        else f"SELECT {case}"
    )
    member = (
        "EXISTS (SELECT 1 FROM docstore_holdmembership m WHERE m.hold_id = h.id AND m.removed_at IS NULL"
        f" AND (m.document_id = {document} OR m.case_id IN ({cases})))"
    )
    by_class = (
        "h.kind = 'class' AND EXISTS (SELECT 1 FROM docstore_holdtarget t JOIN docstore_assignment a"
        " ON a.disposal_class_id = t.disposal_class_id WHERE t.hold_id = h.id AND a.superseded_at IS NULL"
        f" AND (a.record_id = {document} OR a.record_id IN ({cases})))"
    )
    return (
        "EXISTS (SELECT 1 FROM docstore_hold h WHERE h.released_at IS NULL"
        f" AND (h.kind = 'system' OR {member} OR ({by_class})))"
    )


_COUNTS = "('approved', 'superseded')"
_SAME_WORDING = " AND ".join(
    f"OLD.{one} = NEW.{one}"
    for one in ("disposal_class_id", "number", "effective_from", "applies_to", "content_hash", "descriptive")
)
_OF_STEP = f"EXISTS (SELECT 1 FROM docstore_classversion v WHERE v.id = {{row}}.version_id AND v.status IN {_COUNTS})"
_REGULATORY = (
    "OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL AND EXISTS"
    " (SELECT 1 FROM docstore_disposalclass c WHERE c.id = OLD.disposal_class_id AND c.regulatory)"
)

GUARDS = (
    Guard("held_document", "docstore_document", "DELETE", HELD, _held(document="OLD.id")),
    Guard("held_version", "docstore_version", "DELETE", HELD, _held(document="OLD.document_id")),
    Guard(
        "held_content",
        "docstore_version",
        "UPDATE",
        HELD,
        f"(OLD.key <> NEW.key OR OLD.sha256 <> NEW.sha256) AND {_held(document='OLD.document_id')}",
    ),
    Guard("held_case", "docstore_case", "DELETE", HELD, _held(case="OLD.id")),
    Guard("held_filing", "docstore_filing", "DELETE", HELD, _held(case="OLD.case_id")),
    Guard(
        "version_wording",
        "docstore_classversion",
        "UPDATE",
        FIXED,
        f"OLD.status IN {_COUNTS} AND NOT ({_SAME_WORDING})",
    ),
    Guard("version_kept", "docstore_classversion", "DELETE", FIXED, f"OLD.status IN {_COUNTS}"),
    Guard("step_wording", "docstore_disposalstep", "UPDATE", FIXED, _OF_STEP.format(row="OLD")),
    Guard("step_kept", "docstore_disposalstep", "DELETE", FIXED, _OF_STEP.format(row="OLD")),
    Guard("step_added", "docstore_disposalstep", "INSERT", FIXED, _OF_STEP.format(row="NEW")),
    Guard("trigger_told", "docstore_trigger", "UPDATE", FIXED),
    Guard("trigger_kept", "docstore_trigger", "DELETE", FIXED),
    Guard("step_done", "docstore_completedstep", "UPDATE", FIXED),
    Guard("step_done_kept", "docstore_completedstep", "DELETE", FIXED),
    Guard("extension_told", "docstore_extension", "UPDATE", FIXED),
    Guard("extension_kept", "docstore_extension", "DELETE", FIXED),
    Guard("regulatory_kept", "docstore_disposalclass", "DELETE", FIXED, "OLD.regulatory"),
    Guard("regulatory_stays", "docstore_disposalclass", "UPDATE", FIXED, "OLD.regulatory AND NOT NEW.regulatory"),
    Guard("regulatory_assigned", "docstore_assignment", "UPDATE", FIXED, _REGULATORY),
    Guard("regulatory_unassigned", "docstore_assignment", "DELETE", FIXED),
    Guard("intake_event_told", "docstore_intakeevent", "UPDATE", FIXED),
    Guard("intake_event_kept", "docstore_intakeevent", "DELETE", FIXED),
    Guard("hold_kept", "docstore_hold", "DELETE", FIXED),
    Guard("hold_member_kept", "docstore_holdmembership", "DELETE", FIXED, "OLD.removed_at IS NULL"),
)


# PostgreSQL's TRUNCATE runs no trigger of a row, so it would pass every refusal above.
NEVER_EMPTIED = tuple(dict.fromkeys(one.table for one in GUARDS if one.act == "DELETE"))


def guard(connection: BaseDatabaseWrapper) -> None:
    """Put every refusal in place anew, where its table is there."""
    lift(connection)
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if {one.table for one in GUARDS} - there:
            return
        for statement in _install(connection.vendor):
            cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take every refusal off: for a migration, and for a test database that is emptied."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for one in GUARDS:
            if one.table in there:
                on = f" ON {one.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {PREFIX}{one.name}{on}")
        for table in there & set(NEVER_EMPTIED) if connection.vendor == "postgresql" else ():
            cursor.execute(f"DROP TRIGGER IF EXISTS {PREFIX}never_emptied ON {table}")


def refusal_in(error: Exception) -> Refusal | None:
    """Return what a person is told where the database refused because of a hold; None for every other fault."""
    return RecordIsHeld() if HELD in str(error) else None


def _install(vendor: str) -> Iterator[str]:
    if vendor == "postgresql":
        yield from _never_emptied()
    for one in GUARDS:
        if vendor == "postgresql":
            yield from _postgresql(one)
        else:
            when = f" WHEN {one.when}" if one.when else ""
            yield (
                f"CREATE TRIGGER {PREFIX}{one.name} BEFORE {one.act} ON {one.table}{when}"
                f" BEGIN SELECT RAISE(ABORT, '{one.says}'); END"
            )


def _never_emptied() -> Iterator[str]:
    name = f"{PREFIX}never_emptied"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" RAISE EXCEPTION '{EMPTIED}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in NEVER_EMPTIED:
        yield f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"


def _postgresql(one: Guard) -> Iterator[str]:
    """A trigger's condition cannot look into another table; its function can."""
    back = "OLD" if one.act == "DELETE" else "NEW"
    condition = one.when or "TRUE"
    yield (
        f"CREATE OR REPLACE FUNCTION {PREFIX}{one.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {condition} THEN RAISE EXCEPTION '{one.says}' USING ERRCODE = 'restrict_violation'; END IF;"
        f" RETURN {back}; END $$"
    )
    yield (
        f"CREATE TRIGGER {PREFIX}{one.name} BEFORE {one.act} ON {one.table} FOR EACH ROW"
        f" EXECUTE FUNCTION {PREFIX}{one.name}()"
    )
