"""Every permission that a role can carry. What a permission allows on one case is decided in cases.scope."""

from enum import StrEnum


class Permission(StrEnum):
    """One general act. Section rights (read, file, download, remove) are separate and belong to case types."""

    OPEN_CASES = "open cases"
    CHANGE_CASES = "change, close, seal and link cases"
    MANAGE_MEMBERS = "say who is on a case"
    EXCLUDE_PEOPLE = "bar a person from a case"
    LIST_HEARINGS = "list hearings"
    SEE_DAY_LIST = "see the day list"
    SEARCH = "search"
    FILE_DOCUMENTS = "file documents and new versions"
    CONFIRM_DOUBTS = "confirm a doubtful paper"
    WITHDRAW_DOCUMENTS = "withdraw and restore documents"
    MOVE_DOCUMENTS = "move misfiled documents"
    RECLASSIFY_DOCUMENTS = "reclassify documents"
    SEAL_DOCUMENTS = "seal and unseal documents"
    REREAD_DOCUMENTS = "have documents read again"
    CORRECT_TEXT = "correct the text of pages"
    COUNT_HIDDEN = "know how many documents are hidden"
    EXPLAIN_ACCESS = "ask why somebody can or cannot open a document"
    READ_TRAILS = "read who did what"
    MANAGE_JOBS = "retry parked work"
    MANAGE_STATIONS = "manage scanning stations and keys"
    MANAGE_PEOPLE = "manage people, roles and keys"
    MANAGE_RECORDS = "apply retention schedules and holds"
    SEND_BATCHES = "send scan batches"
