"""The roles, as data that an auditor can read. Adding a role is one entry here; then run `manage.py references`.

Knows what a role may do in general and how far it reaches. Which sections of a case file it may read is in the section
table of each case type (cases.catalogue).
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from docstore.access.permissions import Permission as P


class Reach(StrEnum):
    """Which cases a role opens by itself."""

    COURT = "all unsealed cases of the court where the role is held"
    MEMBERSHIP = "only cases that name the person as a member"
    NONE = "no case content at all"


class Clearance(IntEnum):
    """The highest classification that a role may open."""

    PUBLIC = 0
    PRIVATE = 1
    RESTRICTED = 2


@dataclass(frozen=True, slots=True)
class Role:
    """One role: its name, a sentence for the auditor, its reach and clearance, and what it may do."""

    code: str
    name: str
    sentence: str
    reach: Reach
    clearance: Clearance
    permissions: frozenset[P]
    opens_sealed: bool = False

    @property
    def is_court_staff(self) -> bool:
        return self.reach is Reach.COURT


_READING = frozenset({P.SEARCH, P.ASK_FOR_ACCESS})
_COURTROOM = _READING | {P.SEE_DAY_LIST, P.COUNT_HIDDEN, P.CONFIRM_DOUBTS, P.SEE_RETENTION}
_KEEPING = _COURTROOM | {
    P.FILE_DOCUMENTS,
    P.WITHDRAW_DOCUMENTS,
    P.MOVE_DOCUMENTS,
    P.RECLASSIFY_DOCUMENTS,
    P.SEAL_DOCUMENTS,
    P.REREAD_DOCUMENTS,
    P.CORRECT_TEXT,
    P.EXPLAIN_ACCESS,
    P.READ_TRAILS,
}
# Each is a permission of its own; a court that wants them apart makes two roles of this set (RET-Q1).
_RECORDS = {
    P.MANAGE_RECORDS,
    P.SEE_RETENTION,
    P.DEFINE_SCHEDULES,
    P.APPROVE_SCHEDULES,
    P.ASSIGN_CLASSES,
    P.RECORD_TRIGGERS,
    P.PLACE_HOLDS,
    P.RELEASE_HOLDS,
    P.READ_HOLD_REASONS,
    P.MAKE_DISPOSAL_LISTS,
    P.APPROVE_DISPOSAL,
    P.CARRY_OUT_DISPOSAL,
    P.ENABLE_DESTRUCTION,
    P.DESTROY_OFF_SCHEDULE,
    P.CONFIRM_TRANSFERS,
    P.ANSWER_ERASURE_REQUESTS,
}
_PARTY = _READING | {P.FILE_DOCUMENTS}

_ALL = (
    Role(
        "clerk",
        "Court officer",
        "Opens cases, files and corrects papers, and says who is on a case.",
        Reach.COURT,
        Clearance.RESTRICTED,
        _KEEPING
        | {P.OPEN_CASES, P.CHANGE_CASES, P.MANAGE_MEMBERS, P.EXCLUDE_PEOPLE, P.LIST_HEARINGS, P.MANAGE_JOBS}
        | {P.REVIEW_PEOPLE, P.DECIDE_EXCEPTIONS, P.SEE_INTAKE, P.RECORD_TRIGGERS},
        opens_sealed=True,
    ),
    Role(
        "adviser",
        "Legal adviser",
        "Prepares and advises in court; files and corrects papers of the court's cases.",
        Reach.COURT,
        Clearance.RESTRICTED,
        _KEEPING
        | {
            P.CHANGE_CASES,
            P.MANAGE_MEMBERS,
            P.EXCLUDE_PEOPLE,
            P.DECIDE_EXCEPTIONS,
            P.SEE_INTAKE,
            P.RECORD_TRIGGERS,
            P.PLACE_HOLDS,
        },
        opens_sealed=True,
    ),
    Role(
        "judge",
        "Judge or magistrate",
        "Reads the case file, seals and unseals, and files decisions.",
        Reach.COURT,
        Clearance.RESTRICTED,
        _KEEPING
        | {P.CHANGE_CASES, P.EXCLUDE_PEOPLE, P.BREAK_GLASS, P.RECORD_TRIGGERS, P.PLACE_HOLDS, P.KEEP_BEYOND_MAXIMUM},
        opens_sealed=True,
    ),
    Role(
        "usher",
        "Usher",
        "Brings people and papers together in the courtroom.",
        Reach.COURT,
        Clearance.PRIVATE,
        _COURTROOM,
    ),
    Role(
        "listing",
        "Listing officer",
        "Lists hearings and sees that the papers are ready.",
        Reach.COURT,
        Clearance.PRIVATE,
        _COURTROOM | {P.LIST_HEARINGS, P.FILE_DOCUMENTS},
    ),
    Role(
        "records",
        "Records manager",
        "Applies retention schedules and holds, and proves what was destroyed.",
        Reach.MEMBERSHIP,
        Clearance.RESTRICTED,
        _READING | {P.COUNT_HIDDEN, P.READ_TRAILS} | _RECORDS,
    ),
    Role(
        "stations",
        "Station manager",
        "Registers scanning stations and issues their keys.",
        Reach.NONE,
        Clearance.PUBLIC,
        frozenset({P.MANAGE_STATIONS, P.SEE_INTAKE}),
    ),
    Role(
        "station",
        "Scanning station",
        "A machine that sends scans and never reads a case back.",
        Reach.NONE,
        Clearance.PUBLIC,
        frozenset({P.SEND_BATCHES}),
    ),
    Role(
        "prosecutor",
        "Prosecutor",
        "Acts for the prosecution on cases that name them.",
        Reach.MEMBERSHIP,
        Clearance.PRIVATE,
        _PARTY,
    ),
    Role(
        "defence",
        "Defence or party",
        "Acts for a defendant or another party on cases that name them.",
        Reach.MEMBERSHIP,
        Clearance.PRIVATE,
        _PARTY,
    ),
    Role(
        "probation",
        "Probation officer",
        "Reports to the court on cases that name them.",
        Reach.MEMBERSHIP,
        Clearance.PRIVATE,
        _PARTY,
    ),
    Role(
        "visiting",
        "Visiting reader",
        "Reads one case for a stated reason and a few days; given by such a request and by nothing else.",
        Reach.MEMBERSHIP,
        Clearance.PRIVATE,
        _READING,
    ),
    Role(
        "auditor",
        "Auditor",
        "Reads who did what, and no document.",
        Reach.NONE,
        Clearance.PUBLIC,
        frozenset({P.READ_TRAILS, P.WATCH_ACCESS}),
    ),
    Role(
        "support",
        "Support",
        "Helps people use the service and sees no case content.",
        Reach.NONE,
        Clearance.PUBLIC,
        frozenset({P.REVIEW_PEOPLE, P.SEE_FIGURES}),
    ),
    Role(
        "system",
        "The service itself",
        "Workers and nightly jobs.",
        Reach.NONE,
        Clearance.PUBLIC,
        frozenset(),
    ),
)

ROLES: dict[str, Role] = {role.code: role for role in _ALL}
COURT_STAFF = frozenset(role.code for role in _ALL if role.is_court_staff)
ROLE_CHOICES = [(role.code, role.name) for role in _ALL]
