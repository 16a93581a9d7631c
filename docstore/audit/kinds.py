"""What each event must say, and how it reads in a trail."""

from dataclasses import dataclass

from docstore.audit.events import Event


@dataclass(frozen=True, slots=True)
class Kind:
    """What an event must say, and how it reads in a trail."""

    sentence: str
    facts: frozenset[str] = frozenset()


def _kind(sentence: str, *facts: str) -> Kind:
    return Kind(sentence, frozenset(facts))


CATALOGUE: dict[Event, Kind] = {
    Event.ACCESS_DENIED: _kind("Asked for something that is not theirs to see or do", "what"),
    Event.ACCESS_EXPLAINED: _kind("Asked why somebody can or cannot open it", "person", "allowed"),
    Event.ACCESS_PREVIEWED: _kind("Looked at the case as another person sees it", "person"),
    Event.ACCESS_REVIEWED: _kind("Reviewed what a person may do", "person", "kept"),
    Event.ADMISSION_ASKED: _kind("Asked to open a case", "admission", "ground"),
    Event.ADMISSION_ENDED: _kind("Ended somebody’s stay on the case", "admission", "person", "reason"),
    Event.ADMISSION_GRANTED: _kind("Was let in, or let somebody in", "admission", "person", "kind", "until"),
    Event.ADMISSION_REFUSED: _kind("Refused to let somebody in", "admission", "person", "reason"),
    Event.ADMISSION_SEEN: _kind("Looked at a case that was opened at once", "admission"),
    Event.ALERTS_SEEN: _kind("Looked at what is new in a saved search", "search", "alerts"),
    Event.ATTACHMENT_FILED: _kind(
        "Filed what came inside a message", "version", "sha256", "bytes", "section", "confirmed", "message", "number"
    ),
    Event.BATCH_AMENDED: _kind("Amended the batch", "batch", "items"),
    Event.BATCH_CHASED: _kind("Asked the station for what is missing", "batch", "missing"),
    Event.BATCH_CLOSED: _kind("Closed the batch", "batch", "items"),
    Event.BATCH_EXPIRED: _kind("Gave the batch up, because it was never finished", "batch", "missing"),
    Event.BATCH_OPENED: _kind("Opened a batch", "batch", "manifest_sha256", "items"),
    Event.BATCH_SETTLED: _kind("Settled the batch", "batch", "state"),
    Event.ASSIGNMENT_RULE_ENDED: _kind("Ended a rule that assigns a disposal class", "rule"),
    Event.ASSIGNMENT_RULE_MADE: _kind(
        "Made a rule that assigns a disposal class", "rule", "disposal_class", "priority"
    ),
    Event.CASE_CLOSED: _kind("Closed the case", "closed_on", "outcome", "reason"),
    Event.CASE_CLOSING_DECIDED: _kind(
        "Decided whether a case that lay open is closed", "proposal", "accepted", "reason"
    ),
    Event.CASE_CLOSING_PROPOSED: _kind("Proposed to close a case that lay open", "last_activity_on", "confidence"),
    Event.CASE_CONSOLIDATED: _kind("Put the case under a lead case, or made it one", "other", "lead", "reason"),
    Event.CASE_LINKED: _kind("Linked the case to another", "other", "reason"),
    Event.CASE_OPENED: _kind("Opened the case", "case_type", "court", "classification"),
    Event.CASE_REOPENED: _kind("Reopened the case", "reason"),
    Event.CASE_RESTRICTED: _kind("Set or lifted a reporting restriction", "restricted"),
    Event.CASE_SEALED: _kind("Sealed the case", "reason"),
    Event.CASE_SEEN: _kind("Took the papers of the case as seen"),
    Event.CASE_UNLINKED: _kind("Ended the link to another case", "other", "was", "reason"),
    Event.CASE_UNSEALED: _kind("Unsealed the case", "reason"),
    Event.CASE_VIEWED: _kind("Opened the case file"),
    Event.CATALOGUE_LOADED: _kind("Loaded case types and section rights", "rights"),
    Event.CLASS_ASSIGNED: _kind(
        "Assigned a disposal class", "kind", "record", "disposal_class", "origin", "before", "reason"
    ),
    Event.CLASS_DEFINED: _kind("Defined a disposal class", "disposal_class", "schedule", "code"),
    Event.CLASS_RETIRED: _kind("Retired a disposal class", "disposal_class", "successor", "reason"),
    Event.CLASS_VERSION_APPROVED: _kind(
        "Approved a class version that somebody else wrote",
        "class_version",
        "disposal_class",
        "content_sha256",
        "guard_until",
        "affected",
    ),
    Event.CLASS_VERSION_DRAFTED: _kind("Drafted a class version", "class_version", "disposal_class", "content_sha256"),
    Event.CLASS_VERSION_PREVIEWED: _kind(
        "Looked at what a class version would change", "class_version", "earlier", "later", "unknown", "becomes_due"
    ),
    Event.CLASS_VERSION_SUBMITTED: _kind("Submitted a class version for approval", "class_version"),
    Event.CLASS_VERSION_WITHDRAWN: _kind("Withdrew a class version", "class_version", "reason"),
    Event.CLOCK_ADVANCED: _kind("Moved the demo court's clock forward", "seconds"),
    Event.CLOCK_LEAP_ACCEPTED: _kind("Confirmed that the clock is right after it had leapt", "checkpoint", "reason"),
    Event.CLOCK_LEAPT: _kind("The clock had leapt since the log was sealed before", "seconds"),
    Event.CLOCK_OFF: _kind("The clock was off when it was held against the time server", "milliseconds"),
    Event.COMPLIANCE_ASKED_FOR: _kind(
        "Asked for locks that cannot be undone, for the papers under a class", "disposal_class", "reason"
    ),
    Event.COMPLIANCE_CONFIRMED: _kind(
        "Confirmed locks that cannot be undone, for the papers under a class", "disposal_class", "reason"
    ),
    Event.CONTENT_DAMAGED: _kind("Was given nothing, because the stored bytes are not what was filed", "version"),
    Event.CONTENT_READ: _kind("Read the file as it was filed", "version", "first", "last"),
    Event.COPY_DAMAGED: _kind(
        "A further copy of it is not what was filed", "version", "sha256", "place", "found", "premis"
    ),
    Event.COPY_WHOLE_AGAIN: _kind(
        "A further copy of it is again what was filed", "version", "sha256", "place", "before", "premis"
    ),
    Event.COURT_REGISTERED: _kind("Added a court", "court"),
    Event.DOCUMENT_COMPARED: _kind("Compared two versions of the document", "before", "after"),
    Event.DOCUMENT_DOUBTED: _kind("Held the document back: it may lie on the wrong case", "version", "number", "page"),
    Event.DOCUMENT_FILED: _kind("Filed the document", "version", "sha256", "bytes", "section", "confirmed"),
    Event.DOCUMENT_MOVED: _kind("Moved the document to another place", "from_case", "to_case", "section", "reason"),
    Event.DOCUMENT_PLACE_CONFIRMED: _kind(
        "Confirmed that the document lies on the right case", "number", "page", "reason"
    ),
    Event.DOCUMENT_PRINTED: _kind("Laid the document out for printing", "version", "first", "last"),
    Event.DOCUMENT_RECLASSIFIED: _kind("Changed the classification", "before", "after", "reason"),
    Event.DOCUMENT_REREAD: _kind("Had the document read again", "version"),
    Event.DOCUMENT_RESTORED: _kind("Restored the document", "reason"),
    Event.DOCUMENT_SEALED: _kind("Sealed the document", "reason", "named"),
    Event.DOCUMENT_SHOWN: _kind("Showed the document on another case too", "case", "section"),
    Event.DOCUMENT_SUPERSEDED: _kind("Filed a new version", "version", "sha256", "bytes", "reason", "confirmed"),
    Event.DOCUMENT_UNSEALED: _kind("Unsealed the document", "reason"),
    Event.DOCUMENT_VIEWED: _kind("Opened the document", "version"),
    Event.DOCUMENT_WITHDRAWN: _kind("Withdrew the document", "reason"),
    Event.DRAFT_DESCRIBED: _kind("Said what a file is that was not filed yet", "draft", "fields"),
    Event.DRAFT_DISCARDED: _kind("Took back a file that was not filed", "draft", "sha256"),
    Event.DRAFT_RECEIVED: _kind("Sent a file to be filed", "draft", "sha256", "bytes"),
    Event.DOCUMENT_AMENDED: _kind("Changed what is said of the document", "before", "after", "reason"),
    Event.DOCUMENT_SPLIT: _kind("Made documents or a version of its pages", "version", "parts", "reason"),
    Event.DUTY_ASSIGNED: _kind("Put a person to work in a courtroom", "duty", "person", "role", "room", "day"),
    Event.DUTY_ENDED: _kind("Took a person out of a courtroom", "duty", "person", "room", "day"),
    Event.ENVELOPE_REFUSED: _kind("Refused a supplier's envelope", "sha256", "code"),
    Event.EXCEPTION_RAISED: _kind("Was put before a person", "batch", "item", "code"),
    Event.EXCEPTION_SETTLED: _kind("Decided what no rule could", "batch", "item", "act", "reason"),
    Event.EXCLUSION_ENDED: _kind("Lifted a bar", "exclusion", "person", "reason"),
    Event.FILING_RELEASED: _kind("Released a document from the case that it was moved from", "filing", "reason"),
    Event.GLASS_BROKEN: _kind("Opened the case at once, with nobody to ask", "admission", "ground", "until"),
    Event.HEARING_CHANGED: _kind("Changed a hearing", "hearing", "before", "after"),
    Event.HEARING_LISTED: _kind("Listed a hearing", "hearing", "starts_at", "room"),
    Event.HEARING_VACATED: _kind("Took a hearing off the list", "hearing", "reason"),
    Event.HEARINGS_IMPORTED: _kind("Took in a list of hearings", "added", "changed", "same", "unmatched", "sha256"),
    Event.HOLD_MEMBER_REMOVED: _kind("Took a record out of a hold", "hold", "kind", "record", "reason"),
    Event.HOLD_PLACED: _kind("Placed a hold", "hold", "kind", "restricted", "members", "in_destruction"),
    Event.HOLD_RELEASE_ASKED: _kind("Asked for a second person to release a hold", "hold", "reason"),
    Event.HOLD_RELEASED: _kind("Released a hold", "hold", "reason", "members", "becomes_due", "guard_until"),
    Event.HOLD_WIDENED: _kind("Found more records under a hold", "hold", "via", "members"),
    Event.INDEX_REBUILT: _kind("Built the search index anew", "documents", "pages"),
    Event.ITEM_RECEIVED: _kind("Took a scanned item into custody", "batch", "item", "sha256", "bytes"),
    Event.ITEM_REJECTED: _kind("Rejected a scanned item", "batch", "item", "code"),
    Event.JOB_RETRIED: _kind("Retried work that had been set aside", "job", "name"),
    Event.KEY_ISSUED: _kind("Issued a key", "label"),
    Event.KEY_REVOKED: _kind("Revoked a key"),
    Event.LOG_CONTINUED: _kind(
        "Let the log go on under another name after a backup was restored", "from", "to", "size", "lost"
    ),
    Event.MEMBER_ADDED: _kind("Put a person on the case", "member", "person", "role", "side"),
    Event.MEMBER_ENDED: _kind("Took a person off the case", "member", "person", "reason"),
    Event.NOTE_STRUCK: _kind("Struck out a note to file", "note", "reason"),
    Event.NOTE_WRITTEN: _kind("Wrote a note to file", "note", "audience"),
    Event.PAGE_CORRECTED: _kind("Corrected the text of a page", "version", "page", "reason", "before", "after"),
    Event.PAGE_FAILED: _kind("Could not read a page", "version", "page", "why"),
    Event.PAGE_REVERTED: _kind("Took a correction of a page back", "version", "page", "reason"),
    Event.PAGE_TURNED: _kind("Turned a page to read it", "page", "quarters"),
    Event.PAGE_VIEWED: _kind("Opened a page", "version", "page"),
    Event.PARTY_ADDED: _kind("Named a party", "party", "role", "side"),
    Event.PAYLOAD_ERASED: _kind("Erased the facts of an event, lawfully", "event", "reason"),
    Event.PERSON_CREATED: _kind("Added a person"),
    Event.PERSON_EXCLUDED: _kind("Barred a person from the case", "exclusion", "person"),
    Event.PERSON_LEFT: _kind(
        "Left: every role, membership and key ended", "person", "roles", "memberships", "keys", "reason"
    ),
    Event.PICTURE_SENT: _kind("Was sent the picture of a page", "version", "page", "purpose"),
    Event.RECEIPT_ISSUED: _kind("Signed a receipt", "batch", "custody", "receipt_sha256"),
    Event.ROLE_ENDED: _kind("Ended a role", "role", "court"),
    Event.ROLE_GRANTED: _kind("Gave a role", "role", "court"),
    Event.SEARCH_ALERTED: _kind("Was told what is new in a saved search", "search", "documents"),
    Event.SEARCH_DELETED: _kind("Deleted a saved search", "search"),
    Event.SEARCH_EXPORTED: _kind("Took a list of search results away", "query_sha256", "pages", "documents"),
    Event.RECORD_EXTENDED: _kind("Set a later date for a record", "kind", "record", "until", "reason", "instrument"),
    Event.REPAIR_ASKED_FOR: _kind(
        "Asked for its bytes to be put back from a good copy", "version", "sha256", "source", "reason", "premis"
    ),
    Event.RETENTION_DRIFTED: _kind("Found stored dates that a recomputation does not confirm", "looked_at", "changes"),
    Event.RETENTION_EXPORTED: _kind("Exported a list of records", "list", "as_of", "rows"),
    Event.RETENTION_RECOMPUTED: _kind("Worked out dates of disposal anew", "why", "class_version", "changes"),
    Event.ROLE_ENDED: _kind("Ended a role", "role", "court"),
    Event.ROLE_GRANTED: _kind("Gave a role", "role", "court"),
    Event.SCAN_REVIEWED: _kind("Looked at a scanned page in doubt", "batch", "item", "page", "act", "reason"),
    Event.SCHEDULE_EXPORTED: _kind("Exported a schedule", "schedule", "content_sha256"),
    Event.SCHEDULE_IMPORTED: _kind("Imported a schedule", "schedule", "content_sha256", "classes", "versions"),
    Event.SEARCH_PERFORMED: _kind("Searched", "query_sha256", "pages", "results"),
    Event.SEARCH_SAVED: _kind("Saved a search, or changed whether it is watched", "search", "watched"),
    Event.SIGN_IN_FAILED: _kind("Was refused at the sign-in", "name_sha256"),
    Event.SIGNED_IN: _kind("Signed in"),
    Event.SIGNED_OUT: _kind("Signed out"),
    Event.STATEMENT_POSTED: _kind("Said what was sent on a day", "day", "late"),
    Event.SHEETS_PRINTED: _kind("Printed separator sheets for papers of the case", "type", "serials"),
    Event.STATEMENT_REFUSED: _kind("Tried in the database what it refuses", "act", "table", "why"),
    Event.STATION_CHANGED: _kind(
        "Changed a scanning station", "station", "court", "enabled", "container", "quality", "splits_at_blanks"
    ),
    Event.STATION_REGISTERED: _kind(
        "Registered a scanning station", "station", "court", "enabled", "container", "quality", "splits_at_blanks"
    ),
    Event.STATION_SILENCED: _kind("Was not heard of in working hours", "station"),
    Event.STEP_COMPLETED: _kind(
        "Completed a step of a class version", "kind", "record", "class_version", "step", "completed_on"
    ),
    Event.STORAGE_HOLD_DRIFTED: _kind("Found storage whose legal hold was not as it should be", "checked", "wrong"),
    Event.STORAGE_HOLD_SET: _kind("Set or cleared the legal hold of stored objects", "document", "on", "objects"),
    Event.STORAGE_LOCK_DRIFTED: _kind(
        "Found a stored version whose lock was not as it should be", "version", "found", "locked_until"
    ),
    Event.STORAGE_LOCKS_RENEWED: _kind("Renewed the locks of stored papers", "looked_at", "lengthened", "drifted"),
    Event.TRAIL_READ: _kind("Read who did what"),
    Event.TRAIL_TAKEN_AWAY: _kind("Took away a list of who did what", "events"),
    Event.TRIGGER_RECORDED: _kind(
        "Recorded what starts a retention clock",
        "kind",
        "record",
        "trigger",
        "type",
        "event_on",
        "source",
        "confidence",
        "reason",
    ),
    Event.TRIGGER_VOIDED: _kind(
        "Voided what had started a retention clock", "kind", "record", "trigger", "type", "reason"
    ),
    Event.VERSION_CLEARED: _kind("Passed the virus check", "version", "scanner"),
    Event.VERSION_DAMAGED: _kind(
        "Its stored bytes are not those that were filed", "version", "sha256", "found", "premis"
    ),
    Event.VERSION_QUARANTINED: _kind("Stopped before anybody could open it", "version", "why"),
    Event.VERSION_READ: _kind("Read to the end", "version", "pages", "failed"),
    Event.WEBHOOK_ADDED: _kind("Added a webhook", "webhook", "url", "enabled"),
    Event.WEBHOOK_CHANGED: _kind("Changed a webhook", "webhook", "url", "enabled"),
    Event.WEBHOOK_REPLAYED: _kind("Had events sent again", "webhook", "url", "enabled"),
    Event.VERSION_REOPENED: _kind("Could be opened once a missing program was there", "version", "lacked"),
    Event.VERSION_REPAIRED: _kind(
        "Approved that its bytes were put back from a good copy", "version", "sha256", "source", "reason", "premis"
    ),
    Event.VERSION_UNREADABLE: _kind("Could not be read", "version", "why"),
    Event.VERSION_WHOLE_AGAIN: _kind(
        "Its stored bytes are again those that were filed", "version", "sha256", "before", "premis"
    ),
    Event.CERTIFICATE_ISSUED: _kind(
        "Issued a certificate of destruction", "list", "certificate", "issue", "sha256", "final"
    ),
    Event.DESTROYED_CAME_BACK: _kind(
        "Found that something destroyed had come back, and shut it away", "kind", "record", "certificate"
    ),
    Event.DESTRUCTION_ASKED_FOR: _kind("Asked for destruction to be switched on", "reason"),
    Event.DESTRUCTION_BEGUN: _kind(
        "Began to destroy a record: the point of no return", "list", "kind", "record", "targets", "papers"
    ),
    Event.DESTRUCTION_BLOCKED: _kind(
        "Left a record whole, because the storage keeps a copy of it", "list", "kind", "record", "why", "until"
    ),
    Event.DESTRUCTION_COMPLETED: _kind(
        "Destroyed a record, every copy verified", "list", "kind", "record", "certificate", "targets", "papers"
    ),
    Event.DESTRUCTION_ENABLED: _kind("Switched destruction on, as a second person", "reason"),
    Event.DESTRUCTION_FAILED: _kind(
        "Could not remove every copy of a record yet", "list", "kind", "record", "why", "attempts", "left"
    ),
    Event.DESTRUCTION_HALTED: _kind(
        "Halted a destruction that a hold came too late for", "list", "kind", "record", "why", "left"
    ),
    Event.DESTRUCTION_SKIPPED: _kind(
        "Left a record alone, because something had changed", "list", "kind", "record", "why"
    ),
    Event.DESTRUCTION_STOPPED: _kind("Stopped all destruction", "reason"),
    Event.DISPOSAL_APPROVAL_VOIDED: _kind("Voided approvals of people who no longer may approve", "list", "approvers"),
    Event.DISPOSAL_APPROVED_BY_RULE: _kind(
        "Approved a disposal list by the rule of its class", "list", "items", "snapshot_sha256", "reason"
    ),
    Event.DISPOSAL_CARRIED_OUT: _kind("Had a disposal list carried out", "list", "items"),
    Event.DISPOSAL_DECIDED: _kind("Decided on items of a disposal list", "list", "decision", "items", "reason"),
    Event.DISPOSAL_DRY_RUN: _kind("Looked at what a disposal list would destroy", "list", "records", "targets"),
    Event.DISPOSAL_FINISHED: _kind("Finished a disposal list", "list", "status", "left"),
    Event.DISPOSAL_ITEM_WITHDRAWN: _kind("Took a record off a disposal list", "list", "kind", "record", "why"),
    Event.DISPOSAL_LIST_APPROVED: _kind(
        "Approved a disposal list that somebody else made", "list", "stage", "snapshot_sha256", "comment"
    ),
    Event.DISPOSAL_LIST_ENDED: _kind("Ended a disposal list that was not carried out", "list", "status", "reason"),
    Event.DISPOSAL_LIST_MADE: _kind("Made a disposal list", "list", "items", "snapshot_sha256"),
    Event.DISPOSAL_LIST_REJECTED: _kind("Sent a disposal list back", "list", "stage", "snapshot_sha256", "comment"),
    Event.DISPOSAL_LIST_SUBMITTED: _kind("Submitted a disposal list for approval", "list", "snapshot_sha256", "items"),
    Event.DISPOSAL_REST_LEFT: _kind("Ended a stopped disposal list and left the rest alone", "list", "left", "reason"),
    Event.DISPOSAL_STOPPED: _kind("Stopped a disposal list", "list", "reason"),
    Event.STUBS_REDUCED: _kind("Reduced stubs that are older than the policy says", "stubs", "years"),
    Event.DISPOSAL_ASKED_OFF_SCHEDULE: _kind(
        "Asked for a record to be destroyed outside its schedule", "list", "ground", "kind", "record"
    ),
    Event.RECORD_HIDDEN: _kind("Hid a record until it is decided whether it is destroyed", "reason"),
    Event.RECORD_SHOWN_AGAIN: _kind("Showed a record again that is not destroyed", "reason"),
    Event.TRANSFER_PREPARED: _kind("Began a transfer to an archive", "transfer", "archive", "records"),
    Event.TRANSFER_PACKAGED: _kind("Packaged a transfer and checked every file", "transfer", "sha256", "files"),
    Event.TRANSFER_FAILED: _kind("Could not package a transfer", "transfer", "why"),
    Event.TRANSFER_SENT: _kind("Sent a transfer to the archive", "transfer", "sha256"),
    Event.TRANSFER_CONFIRMED: _kind(
        "Took in the archive’s receipt, equal in every digest", "transfer", "receipt", "reference", "files"
    ),
    Event.TRANSFER_CANCELLED: _kind("Took a transfer back", "transfer", "reason"),
    Event.TRANSFER_PACKAGE_TAKEN: _kind("Took the package of a transfer out of the house", "transfer", "sha256"),
    Event.TRANSFER_PACKAGE_DROPPED: _kind("Removed a package that nobody needs any more", "transfer"),
    Event.RECORD_IN_TRANSFER: _kind("Put the record into a transfer to an archive", "transfer", "archive"),
    Event.ERASURE_RECEIVED: _kind("Received a request to erase a person’s data", "request", "due_on"),
    Event.ERASURE_SEARCHED: _kind("Looked for the records of a request to erase", "request", "records"),
    Event.ERASURE_EXTENDED: _kind("Took more time for a request to erase", "request", "due_on", "reason"),
    Event.ERASURE_DECIDED: _kind(
        "Decided on a record of a request to erase", "request", "kind", "record", "verdict", "ground", "reason"
    ),
    Event.ERASURE_ANSWERED: _kind("Answered a request to erase", "request", "records"),
    Event.ERASURE_REDUCED: _kind("Removed the name from a request to erase whose time is over", "request"),
    Event.PARTY_PSEUDONYMISED: _kind("Replaced the name of a party on request", "party", "reason"),
}
