"""Whoever adds a column that can hold words, or a place where bytes are put, must say what destruction does with it.

Fails for a new column or a new put; the answer is a row in `retention.relations` (and it goes or is blanked), a prefix in
`retention.copies`, or, where something stays on purpose, a line with its reason here.
"""

from django.apps import apps
from django.db.models import BinaryField, CharField, Field, FileField, JSONField, TextField

from docstore.retention import copies
from docstore.retention.relations import ANSWERS, BLANKED, CASE_ANSWERS, AtDestruction
from tests.rules.source import called, modules

WORDS = (CharField, TextField, JSONField, BinaryField, FileField)
GOES = (AtDestruction.DESTROYED, AtDestruction.FORGOTTEN)
# What pruning sets one by one, because a row stays as the stub that answers 410.
BLANKED_BY_HAND = {
    "Document": {"title", "type", "language", "sealed_reason", "withdrawn_reason", "side"},
    "Case": {"title", "outcome", "restriction"},
    "Batch": {"manifest", "case_reference", "payments"},
    "IntakeException": {"reason", "suggestions", "note"},
    "ScannedPage": {"words"},
}
SETTINGS = "describes the installation, its people or its rules, not a record"
EVIDENCE = "evidence of an act: ids, digests and what the person who acted said of it; never content"
CUSTODY = "a station's evidence of custody: numbers and digests of what came"
REMAINS = "the stub: what remains of the record, and a keyed fingerprint"
DATES = "the stored answer, which `endings` deletes with the record"
ASKED = "a person's own request: `erasures.reduce_old` takes name and words out when the request's class says"
PLACES = "digests and ids of pages in the order of a search, gone after a day; each is looked up before it is shown"
OWN = "what a person wrote for themselves, about no one record"
STAYS: dict[str, tuple[str, set[str]]] = {
    "Court": (SETTINGS, {"code", "jurisdictions", "name"}),
    "User": (SETTINGS, {"email", "name", "password", "username"}),
    "ServiceKey": (
        SETTINGS,
        {"addresses", "case_types", "certificate", "digest", "id", "jurisdictions", "label", "scopes"},
    ),
    "AccessReview": (SETTINGS, {"note"}),
    "StreamHead": (EVIDENCE, {"hash", "stream"}),
    "AuditEvent": (
        EVIDENCE,
        {"actor", "case", "document", "event_hash", "header", "payload_commitment", "prev_hash", "stream", "type"},
    ),
    "AuditPayload": (EVIDENCE, {"payload", "salt"}),
    "SealedLog": (EVIDENCE, {"edge", "former"}),
    "Checkpoint": (EVIDENCE, {"note", "previous", "root"}),
    "CaseType": (SETTINGS, {"code", "jurisdiction", "name"}),
    "Section": (SETTINGS, {"code", "name"}),
    "Case": (EVIDENCE, {"certificate"}),
    "Admission": (EVIDENCE, {"ground"}),
    "Duty": (SETTINGS, {"room"}),
    "Document": (EVIDENCE, {"certificate"}),
    "Filing": (EVIDENCE, {"partition", "partition_after"}),
    "Station": (
        SETTINGS,
        {"agent_version", "container", "jurisdiction", "last_error", "name", "po_box", "quality", "section", "tray"},
    ),
    "Batch": (
        CUSTODY,
        {
            "content_sha256",
            "envelope",
            "external_id",
            "key_limits",
            "manifest_sha256",
            "operator",
            "receipt",
            "rescan_for",
        },
    ),
    "Item": (
        CUSTODY,
        {
            "code",
            "colour",
            "control_number",
            "declared_type",
            "media_type",
            "scanned_by",
            "sha256",
            "storage_etag",
            "storage_version",
            "type",
        },
    ),
    "NonScannable": (CUSTODY, {"control_number", "type"}),
    "IntakeEvent": (CUSTODY, {"detail"}),
    "IntakeException": (CUSTODY, {"code"}),
    "ScannedPage": (CUSTODY, {"findings"}),
    "Upload": (CUSTODY, {"assembly", "media_type"}),
    "EnvelopeRefusal": (CUSTODY, {"code", "detail", "name", "sha256"}),
    "Statement": (CUSTODY, {"body"}),
    "Reconciliation": (CUSTODY, {"rows"}),
    "Webhook": (SETTINGS, {"name", "url"}),
    "Delivery": (SETTINGS, {"said"}),
    "NumberSeries": (SETTINGS, {"name"}),
    "DestructionSwitch": (SETTINGS, {"secret"}),
    "DisposalList": (EVIDENCE, {"classes", "end_reason", "ground_note", "number", "snapshot_hash"}),
    "ListItem": (
        EVIDENCE,
        {
            "action",
            "because",
            "class_code",
            "decision_reason",
            "facts_hash",
            "flags",
            "kind",
            "lease_token",
            "new_class",
            "reference",
            "schedule",
            "state_reason",
            "transfer_reference",
            "transferred_to",
        },
    ),
    "Approval": (EVIDENCE, {"comment", "snapshot_hash", "void_reason"}),
    "DestructionTarget": (EVIDENCE, {"evidence", "locator", "paper", "sha256", "storage_version"}),
    "Certificate": (EVIDENCE, {"number"}),
    "LedgerEntry": (EVIDENCE, {"name"}),
    "CertificateIssue": (EVIDENCE, {"envelope", "sha256"}),
    "Schedule": (SETTINGS, {"approving_body", "authority", "citation", "code", "jurisdiction", "title"}),
    "DisposalClass": (
        SETTINGS,
        {"code", "description", "instrument", "mandate", "scope_notes", "stub_leaves_out", "title"},
    ),
    "ClassVersion": (SETTINGS, {"content_hash", "source"}),
    "DisposalStep": (SETTINGS, {"keep_class", "keep_types", "maximum", "period", "statute", "trigger"}),
    "AssignmentRule": (SETTINGS, {"document_type", "jurisdiction", "outcome", "section"}),
    "Assignment": (EVIDENCE, {"reason"}),
    "Trigger": (EVIDENCE, {"as_told", "evidence", "length", "reason", "zone"}),
    "CompletedStep": (EVIDENCE, {"certificate"}),
    "Extension": (EVIDENCE, {"instrument", "reason"}),
    "ReleasedFiling": (EVIDENCE, {"reason"}),
    "RetentionStatus": (DATES, {"engine_version", "flags", "inputs_hash", "next_action", "reasons"}),
    "Recomputation": (SETTINGS, {"why"}),
    "Hold": (EVIDENCE, {"cause", "mandate", "query", "reason", "release_reason", "title"}),
    "HoldTarget": (EVIDENCE, {"person_name"}),
    "HoldMembership": (EVIDENCE, {"evidence", "removal_reason"}),
    "Stub": (
        REMAINS,
        {
            "authority",
            "certificate",
            "class_code",
            "kind",
            "reference",
            "references",
            "schedule",
            "transfer_reference",
            "transferred_to",
            "type",
        },
    ),
    "StubFingerprint": (REMAINS, {"digest"}),
    "Transfer": (
        EVIDENCE,
        {
            "archive",
            "archive_reference",
            "cancel_reason",
            "exemption",
            "key",
            "number",
            "problem",
            "reason",
            "receipt",
            "series",
            "sha256",
            "title_alternate",
        },
    ),
    "TransferItem": (EVIDENCE, {"reference"}),
    "TransferFile": (EVIDENCE, {"path", "sha256"}),
    "ErasureRequest": (ASKED, {"also_known_as", "asked", "extend_reason", "identity", "number", "person"}),
    "ErasureFinding": (EVIDENCE, {"basis", "class_name", "found_by", "outcome", "reason", "reference"}),
    "Rebuild": (SETTINGS, {"name"}),
    "SavedSearch": (OWN, {"filters", "name", "query", "sort"}),
    "Ranking": (PLACES, {"places", "question", "seen"}),
}


def columns() -> dict[str, set[str]]:
    """Every column of every table that can hold words."""
    return {
        model.__name__: {one.name for one in model._meta.get_fields() if _holds_words(one)}
        for model in apps.get_app_config("docstore").get_models()
    }


def _holds_words(one: object) -> bool:
    return isinstance(one, WORDS) and isinstance(one, Field) and one.concrete and not one.choices


def gone() -> set[str]:
    return {name.partition(".")[0] for name, answer in {**ANSWERS, **CASE_ANSWERS}.items() if answer in GOES}


def test_every_column_that_can_hold_words_goes_is_blanked_or_stays_for_a_reason() -> None:
    left = {}
    for model, names in columns().items():
        answered = BLANKED.get(model, {}).keys() | BLANKED_BY_HAND.get(model, set()) | STAYS.get(model, ("", set()))[1]
        if model not in gone() and (unanswered := names - answered):
            left[model] = unanswered
    assert left == {}


def test_no_reason_is_left_over() -> None:
    known = columns()
    assert {
        model: names - known.get(model, set()) for model, (_, names) in STAYS.items() if names - known.get(model, set())
    } == {}
    assert not {model for model, (why, _) in STAYS.items() if not why}


PUTS = {
    "docstore/reading/drawing.py": copies.RENDITIONS,
    "docstore/reading/attachments.py": copies.CASES,
    "docstore/intake/actions.py": copies.CASES,
    "docstore/intake/custody.py": copies.SCANS,
    "docstore/intake/looking.py": copies.SCANS,
    "docstore/intake/relaying.py": copies.SCANS,
    "docstore/retention/orphans.py": "lost+found/",
    "docstore/retention/packaging.py": "transfers/",  # no record is claimed while a package that holds it is there
}


def test_every_place_where_bytes_are_put_is_looked_at() -> None:
    """A module that puts bytes into the vault under a name that destruction does not look at fails here."""
    found = set()
    for module in modules():
        for call in module.calls():
            is_put = called(call) == "put" and any(word.arg == "sha256" for word in call.keywords)
            if is_put and not module.name.startswith(("docstore/documents/vault", "benchmarks/")):
                found.add(module.name)
    assert found == set(PUTS)
