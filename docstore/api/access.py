"""Who may use which address of the API: a row for every name in `urls`, a door for every method."""

from docstore.access.permissions import Permission as P
from docstore.cases.doors import Door, Routes, Target
from docstore.cases.models import Right

_SEEN = Door(Target.DOCUMENT)
_OWN = Door(Target.OWN)
_MINE = Door(Target.MINE)
_SENT = Door(Target.BATCH, P.SEND_BATCHES)

ROUTES: Routes = {
    "api-me": {"GET": _OWN},
    "api-case-types": {"GET": _OWN},
    "api-cases": {"GET": _OWN, "POST": Door(Target.OWN, P.OPEN_CASES)},
    "api-case": {"GET": Door(Target.CASE)},
    "api-members": {"POST": Door(Target.CASE, P.MANAGE_MEMBERS)},
    "api-exclusions": {"POST": Door(Target.CASE, P.EXCLUDE_PEOPLE)},
    "api-case-documents": {
        "GET": Door(Target.CASE),
        "POST": Door(Target.CASE, P.FILE_DOCUMENTS, Right.FILE),
    },
    "api-document": {"GET": _SEEN},
    "api-content": {"GET": Door(Target.DOCUMENT, right=Right.DOWNLOAD, refusal=404)},
    "api-page": {"GET": _SEEN},
    "api-image": {"GET": _SEEN},
    "api-corrections": {"GET": _SEEN, "POST": Door(Target.DOCUMENT, P.CORRECT_TEXT)},
    "api-revert-correction": {"POST": Door(Target.DOCUMENT, P.CORRECT_TEXT)},
    "api-versions": {"POST": Door(Target.DOCUMENT, P.FILE_DOCUMENTS, Right.FILE)},
    "api-withdraw": {"POST": Door(Target.DOCUMENT, P.WITHDRAW_DOCUMENTS)},
    "api-restore": {"POST": Door(Target.DOCUMENT, P.WITHDRAW_DOCUMENTS)},
    "api-reclassify": {"POST": Door(Target.DOCUMENT, P.RECLASSIFY_DOCUMENTS)},
    "api-seal": {"POST": Door(Target.DOCUMENT, P.SEAL_DOCUMENTS)},
    "api-unseal": {"POST": Door(Target.DOCUMENT, P.SEAL_DOCUMENTS)},
    "api-move": {"POST": Door(Target.DOCUMENT, P.MOVE_DOCUMENTS)},
    "api-reread": {"POST": Door(Target.DOCUMENT, P.REREAD_DOCUMENTS)},
    "api-explain": {"GET": Door(Target.DOCUMENT, P.EXPLAIN_ACCESS, refusal=404)},
    "api-trail": {"GET": Door(Target.DOCUMENT, P.READ_TRAILS, refusal=404)},
    "api-find": {"POST": _SEEN},
    "api-search": {"POST": _OWN},
    "api-search-export": {"POST": Door(Target.OWN, P.SEARCH)},
    "api-saved-searches": {"GET": _OWN, "POST": Door(Target.OWN, P.SEARCH)},
    "api-saved-search": {"GET": _MINE, "DELETE": _MINE},
    "api-saved-watch": {"POST": _MINE},
    "api-saved-alerts": {"GET": _MINE},
    "api-saved-seen": {"POST": _MINE},
    "api-station": {"GET": Door(Target.OWN, P.SEND_BATCHES)},
    "api-heartbeat": {"POST": Door(Target.OWN, P.SEND_BATCHES)},
    "api-batches": {"POST": Door(Target.OWN, P.SEND_BATCHES)},
    "api-batch": {"GET": _SENT, "PATCH": _SENT},
    "api-batch-close": {"POST": _SENT},
    "api-receipt": {"GET": _SENT},
    "api-item-content": {"PUT": _SENT},
    "api-events": {"GET": Door(Target.OWN, P.SEND_BATCHES)},
    "api-batch-schema": {"GET": _OWN},
    "api-close": {"POST": Door(Target.CASE, P.CHANGE_CASES)},
    "api-reopen": {"POST": Door(Target.CASE, P.CHANGE_CASES)},
    "api-case-triggers": {
        "GET": Door(Target.CASE, P.SEE_RETENTION),
        "POST": Door(Target.CASE, P.RECORD_TRIGGERS),
    },
    "api-case-retention": {
        "GET": Door(Target.CASE, P.SEE_RETENTION),
        "POST": Door(Target.CASE, P.ASSIGN_CLASSES),
    },
    "api-document-triggers": {
        "GET": Door(Target.DOCUMENT, P.SEE_RETENTION),
        "POST": Door(Target.DOCUMENT, P.RECORD_TRIGGERS),
    },
    "api-document-retention": {
        "GET": Door(Target.DOCUMENT, P.SEE_RETENTION),
        "POST": Door(Target.DOCUMENT, P.ASSIGN_CLASSES),
    },
    "api-void-trigger": {"POST": Door(Target.CASE, P.RECORD_TRIGGERS)},
    "api-schedules": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    "api-import-schedule": {"POST": Door(Target.OWN, P.DEFINE_SCHEDULES)},
    "api-export-schedule": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    "api-classes": {"POST": Door(Target.OWN, P.DEFINE_SCHEDULES)},
    "api-class-versions": {"POST": Door(Target.OWN, P.DEFINE_SCHEDULES)},
    "api-preview-version": {"POST": Door(Target.OWN, P.MANAGE_RECORDS)},
    "api-submit-version": {"POST": Door(Target.OWN, P.DEFINE_SCHEDULES)},
    "api-approve-version": {"POST": Door(Target.OWN, P.APPROVE_SCHEDULES)},
    "api-withdraw-version": {"POST": Door(Target.OWN, P.DEFINE_SCHEDULES)},
    "api-holds": {"GET": Door(Target.OWN, P.MANAGE_RECORDS), "POST": Door(Target.OWN, P.PLACE_HOLDS)},
    "api-hold": {"GET": Door(Target.OWN, P.MANAGE_RECORDS)},
    "api-release-hold": {"POST": Door(Target.OWN, P.RELEASE_HOLDS)},
    "api-openapi": {"GET": _OWN},
    "api-unknown": {},
}
