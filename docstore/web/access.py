"""Who may use which page: a row for every name in `urls`, a door for every method."""

from docstore.access.permissions import Permission as P
from docstore.cases.doors import Door, Routes, Target
from docstore.cases.models import Right

_OPEN = Door(Target.OPEN)
_OWN = Door(Target.OWN)
_MINE = Door(Target.MINE)
_SEEN = Door(Target.DOCUMENT)
_DECIDED = Door(Target.EXCEPTION, P.DECIDE_EXCEPTIONS)
_TOLD = Door(Target.WEBHOOK, P.MANAGE_STATIONS)
_MANAGED = Door(Target.STATION, P.MANAGE_STATIONS)

ROUTES: Routes = {
    "home": {"GET": _OWN},
    "account_login": {"GET": _OPEN, "POST": _OPEN},
    "account_logout": {"GET": _OPEN, "POST": _OPEN},
    "account_signup": {"GET": _OPEN},
    "account_inactive": {"GET": _OPEN},
    "account_email": {"GET": _OPEN},
    "account_reauthenticate": {"GET": _OWN, "POST": _OWN},
    "set_language": {"POST": _OPEN},
    "day": {"GET": Door(Target.OWN, P.SEE_DAY_LIST)},
    "move-hearings": {"POST": Door(Target.OWN, P.LIST_HEARINGS)},
    "courtroom": {"GET": Door(Target.OWN, P.LIST_HEARINGS), "POST": Door(Target.OWN, P.LIST_HEARINGS)},
    "import-hearings": {"GET": Door(Target.OWN, P.LIST_HEARINGS), "POST": Door(Target.OWN, P.LIST_HEARINGS)},
    "records": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    "records-list": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    "records-calendar": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    "records-simulator": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    "records-stale": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    "records-schedules": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    "define-class": {"GET": Door(Target.OWN, P.DEFINE_SCHEDULES), "POST": Door(Target.OWN, P.DEFINE_SCHEDULES)},
    "records-class": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    "draft-version": {"GET": Door(Target.OWN, P.DEFINE_SCHEDULES), "POST": Door(Target.OWN, P.DEFINE_SCHEDULES)},
    "version-impact": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    # Which permission an act needs is the same as in the API; each act asks for it itself.
    "version-act": {"GET": Door(Target.OWN, P.MANAGE_RECORDS), "POST": Door(Target.OWN, P.MANAGE_RECORDS)},
    "disposal-lists": {"GET": Door(Target.OWN, P.MANAGE_RECORDS), "POST": Door(Target.OWN, P.MAKE_DISPOSAL_LISTS)},
    "disposal-list": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    # Which permission an act needs is the same as in the API; each act asks for it itself.
    "disposal-act": {"POST": Door(Target.OWN, P.MANAGE_RECORDS)},
    "certificate-pdf": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    "records-holds": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    "place-hold": {"GET": Door(Target.OWN, P.MANAGE_RECORDS), "POST": Door(Target.OWN, P.MANAGE_RECORDS)},
    "records-hold": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    "release-hold": {"GET": Door(Target.OWN, P.RELEASE_HOLDS), "POST": Door(Target.OWN, P.RELEASE_HOLDS)},
    "void-trigger": {"GET": Door(Target.CASE, P.RECORD_TRIGGERS), "POST": Door(Target.CASE, P.RECORD_TRIGGERS)},
    "case-retention": {"GET": Door(Target.CASE, P.SEE_RETENTION)},
    "case-retention-act": {"GET": Door(Target.CASE, P.RECORD_TRIGGERS), "POST": Door(Target.CASE, P.RECORD_TRIGGERS)},
    "document-retention": {"GET": Door(Target.DOCUMENT, P.SEE_RETENTION)},
    "document-retention-act": {
        "GET": Door(Target.DOCUMENT, P.RECORD_TRIGGERS),
        "POST": Door(Target.DOCUMENT, P.RECORD_TRIGGERS),
    },
    "cases": {"GET": _OWN},
    "open-case": {"GET": Door(Target.OWN, P.OPEN_CASES), "POST": Door(Target.OWN, P.OPEN_CASES)},
    "case": {"GET": Door(Target.CASE)},
    "mark-seen": {"POST": Door(Target.CASE)},
    "case-timeline": {"GET": Door(Target.CASE)},
    "case-hearings": {"GET": Door(Target.CASE), "POST": Door(Target.CASE, P.LIST_HEARINGS)},
    "hearing": {"GET": Door(Target.CASE, P.LIST_HEARINGS), "POST": Door(Target.CASE, P.LIST_HEARINGS)},
    "case-notes": {"GET": Door(Target.CASE), "POST": Door(Target.CASE)},
    # A person strikes out only what they wrote; for everybody else the note is not there.
    "strike-note": {"GET": Door(Target.CASE, refusal=404), "POST": Door(Target.CASE, refusal=404)},
    "moved": {"GET": Door(Target.CASE, P.READ_TRAILS, refusal=404)},
    # Which permission an act needs is asked for by each act itself.
    "case-act": {"GET": Door(Target.CASE, P.CHANGE_CASES), "POST": Door(Target.CASE, P.CHANGE_CASES)},
    "file-documents": {
        "GET": Door(Target.CASE, P.FILE_DOCUMENTS),
        "POST": Door(Target.CASE, P.FILE_DOCUMENTS, Right.FILE),
    },
    "document": {"GET": _SEEN},
    "progress": {"GET": _SEEN},
    "original": {"GET": Door(Target.DOCUMENT, right=Right.DOWNLOAD, refusal=404)},
    "go-to-page": {"GET": _SEEN},
    "page": {"GET": _SEEN, "POST": _SEEN},
    "correct-page": {
        "GET": Door(Target.DOCUMENT, P.CORRECT_TEXT),
        "POST": Door(Target.DOCUMENT, P.CORRECT_TEXT),
    },
    "turn-page": {"POST": _SEEN},
    "document-text": {"GET": _SEEN},
    "compare-versions": {"GET": _SEEN},
    "print-document": {"GET": Door(Target.DOCUMENT, right=Right.DOWNLOAD, refusal=404)},
    "picture": {"GET": _SEEN},
    "thumbnail": {"GET": _SEEN},
    "readers": {"GET": Door(Target.DOCUMENT, P.READ_TRAILS, refusal=404)},
    # Which permission an act needs is the same as in the API; each act asks for it itself.
    "document-act": {"GET": _SEEN, "POST": _SEEN},
    "export-search": {"POST": Door(Target.OWN, P.SEARCH)},
    "saved-searches": {"GET": Door(Target.OWN, P.SEARCH), "POST": Door(Target.OWN, P.SEARCH)},
    "saved-search": {"GET": _MINE, "POST": _MINE},
    "search": {"GET": Door(Target.OWN, P.SEARCH), "POST": Door(Target.OWN, P.SEARCH)},
    "intake": {"GET": Door(Target.OWN, P.SEE_INTAKE)},
    "batches": {"GET": Door(Target.OWN, P.SEE_INTAKE)},
    "batch": {"GET": Door(Target.SENT, P.SEE_INTAKE)},
    "chase-batch": {"POST": Door(Target.SENT, P.SEE_INTAKE)},
    "exceptions": {"GET": Door(Target.OWN, P.DECIDE_EXCEPTIONS)},
    "exception": {"GET": _DECIDED, "POST": _DECIDED},
    "exception-case": {"GET": _DECIDED, "POST": _DECIDED},
    "exception-picture": {"GET": _DECIDED},
    "reconciling": {"GET": Door(Target.OWN, P.SEE_INTAKE)},
    "webhooks": {"GET": Door(Target.OWN, P.MANAGE_STATIONS), "POST": Door(Target.OWN, P.MANAGE_STATIONS)},
    "webhook": {"GET": _TOLD, "POST": _TOLD},
    "send-again": {"POST": _TOLD},
    "replay-webhook": {"POST": _TOLD},
    "renew-secret": {"POST": _TOLD},
    "stations": {"GET": Door(Target.OWN, P.MANAGE_STATIONS), "POST": Door(Target.OWN, P.MANAGE_STATIONS)},
    "station": {"GET": _MANAGED, "POST": _MANAGED},
    "issue-key": {"POST": _MANAGED},
    "revoke-key": {"POST": _MANAGED},
    "retry-job": {"POST": Door(Target.OWN, P.MANAGE_JOBS)},
    "case-access": {
        "GET": Door(Target.CASE, P.EXPLAIN_ACCESS),
        "POST": Door(Target.CASE, P.EXPLAIN_ACCESS),
    },
    "case-preview": {"GET": Door(Target.CASE, P.EXPLAIN_ACCESS)},
    "case-preview-role": {"GET": Door(Target.CASE, P.EXPLAIN_ACCESS)},
    "document-access": {
        "GET": Door(Target.DOCUMENT, P.EXPLAIN_ACCESS),
        "POST": Door(Target.DOCUMENT, P.EXPLAIN_ACCESS),
    },
    # Everybody finds here what they may do about access; asking needs the permission to ask.
    "admissions": {"GET": _OWN, "POST": Door(Target.OWN, P.ASK_FOR_ACCESS)},
    "break-glass": {"GET": Door(Target.OWN, P.BREAK_GLASS), "POST": Door(Target.OWN, P.BREAK_GLASS)},
    "access-report": {"GET": Door(Target.OWN, P.READ_TRAILS)},
    "admission-decide": {"POST": Door(Target.OWN, P.MANAGE_MEMBERS)},
    "admission-end": {"POST": Door(Target.OWN, P.MANAGE_MEMBERS)},
    "admission-seen": {"POST": Door(Target.OWN, P.WATCH_ACCESS)},
    "people": {"GET": Door(Target.OWN, P.REVIEW_PEOPLE)},
    "person": {"GET": Door(Target.PERSON, P.REVIEW_PEOPLE), "POST": Door(Target.PERSON, P.REVIEW_PEOPLE)},
    "work": {"GET": Door(Target.OWN, P.MANAGE_JOBS)},
    "help": {"GET": _OPEN},
    "accessibility": {"GET": _OPEN},
    "signing-keys": {"GET": _OPEN},
    "csp-reports": {"POST": _OPEN},
}
