"""What a supplier's metadata must say, in the order in which suppliers expect to be told (design/domain.md §3.3).

Knows the metadata and the names of the PDFs that came, not rows.
"""

import base64
import binascii
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from docstore.core.errors import FieldError, Refusal
from docstore.intake.envelope_zip import ArchiveInvalid, Entry
from docstore.intake.manifest import Declared, Manifest, Thing, check_numbers
from docstore.intake.models import Station
from docstore.intake.shapes import check, fault
from docstore.intake.stamps import stamp_of

FORMS = ("Form", "SSCS1")
NEEDS_OCR = ("new_application", "supplementary_evidence_with_ocr")
EXCEPTION = "exception"
MOST_FIELDS = 500


class PaymentsDisabled(Refusal):
    """This container takes no payments, and the envelope holds some. Send the papers without them."""

    code = "payments-disabled"
    status = 422


@dataclass(frozen=True, slots=True)
class Told:
    """An envelope's metadata as a batch, and what a batch does not have."""

    manifest: Manifest
    classification: str
    payments: tuple[str, ...]
    warnings: tuple[str, ...]


def read_metadata(raw: bytes) -> dict[str, Any]:
    """Return the metadata as JSON; raise MetadataInvalid where it is none."""
    try:
        body = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_name_twice)
    except (ValueError, RecursionError):
        raise fault("/", "invalid", "The metadata is not JSON in UTF-8, or a name stands in it twice.") from None
    if not isinstance(body, dict):
        raise fault("/", "wrong-type", "The metadata must be one JSON object.")
    return body


def validate(body: Mapping[str, Any], *, name: str, entries: Iterable[Entry], station: Station) -> Told:
    """Hold metadata against every rule, in the suppliers' order; the first that fails is the answer."""
    check("envelope", body)
    if body["zip_file_name"] != name:
        raise fault("/zip_file_name", "invalid", f"The envelope is called {name}, and its metadata calls it otherwise.")
    if (body["jurisdiction"], body["po_box"]) != (station.jurisdiction, station.po_box):
        raise fault("/po_box", "invalid", "Jurisdiction and PO box are not those of this container.")
    _check_ocr(body)
    found = {one.name: one for one in entries}
    _check_files(body, found)
    payments = tuple(one["document_control_number"] for one in body.get("payments") or ())
    told = _manifest(body, found, station)
    check_numbers(told.pointers)
    if payments and not station.takes_payments:
        raise PaymentsDisabled
    _check_types(body)
    warnings = ("OCR fields were taken as suggestions and not checked.",) if _with_ocr(body) else ()
    return Told(told, body["envelope_classification"], payments, warnings)


def _check_ocr(body: Mapping[str, Any]) -> None:
    """A form with OCR fields where one is needed; at most one paper with them, on a form, which has a subtype."""
    with_ocr = _with_ocr(body)
    forms = [one for one in body["scannable_items"] if one["document_type"] in FORMS]
    if body["envelope_classification"] in NEEDS_OCR and not any(one.get("ocr_data") for one in forms):
        raise fault("/scannable_items", "ocr-missing", "This kind of envelope needs a form with OCR fields.")
    if len(with_ocr) > 1:
        raise fault("/scannable_items", "ocr-twice", "At most one paper of an envelope has OCR fields.")
    for at, one in enumerate(body["scannable_items"]):
        place = f"/scannable_items/{at}"
        if one.get("ocr_data") and one["document_type"] not in FORMS:
            raise fault(f"{place}/ocr_data", "ocr-misplaced", "Only forms have OCR fields.")
        if one["document_type"] == "Form" and not one.get("document_sub_type"):
            raise fault(f"{place}/document_sub_type", "required", "A form needs its subtype.")
        if one.get("ocr_data"):
            _suggested(one["ocr_data"], f"{place}/ocr_data")


def _check_files(body: Mapping[str, Any], found: Mapping[str, Entry]) -> None:
    """Declared files are exactly the files that came; every extra and missing one is named (DOM-1.3)."""
    declared = Counter(one["file_name"] for one in body["scannable_items"])
    faults = [FieldError("/scannable_items", "declared-twice", name) for name, n in declared.items() if n > 1]
    faults += [FieldError("/scannable_items", "missing", name) for name in sorted(declared.keys() - found.keys())]
    faults += [FieldError("/scannable_items", "not-declared", name) for name in sorted(found.keys() - declared.keys())]
    if faults:
        raise ArchiveInvalid(what="its PDFs are not those that its metadata declares", errors=tuple(faults))


def _check_types(body: Mapping[str, Any]) -> None:
    if body["envelope_classification"] != "supplementary_evidence":
        return
    for at, one in enumerate(body["scannable_items"]):
        if one["document_type"] in FORMS:
            place = f"/scannable_items/{at}/document_type"
            raise fault(place, "unknown-value", "Supplementary evidence holds no forms.")


def _manifest(body: Mapping[str, Any], found: Mapping[str, Entry], station: Station) -> Manifest:
    kept = {
        **body,
        "scannable_items": [{k: v for k, v in one.items() if k != "ocr_data"} for one in body["scannable_items"]],
    }
    return Manifest(
        external_id=body["zip_file_name"],
        site=station.court.code,
        opened_at=stamp_of(body["opening_date"]),
        scanned_at=min(stamp_of(one["scanning_date"]) for one in body["scannable_items"]),
        operator="",
        items=tuple(_item(one, seq, found[one["file_name"]]) for seq, one in enumerate(body["scannable_items"], 1)),
        non_scannable=tuple(
            Thing(one["document_control_number"], one["item_type"], notes=one.get("notes") or "")
            for one in body.get("non_scannable_items") or ()
        ),
        rescan_for=body.get("rescan_for") or "",
        case_reference=(body.get("case_number") or body.get("previous_service_case_reference") or "").strip(),
        text=json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
    )


def _item(one: Mapping[str, Any], seq: int, entry: Entry) -> Declared:
    return Declared(
        seq=seq,
        control_number=one["document_control_number"],
        type=one["document_type"],
        size=entry.size,
        sha256=entry.sha256,
        media_type="application/pdf",
        name=one["file_name"],
        suggested=_suggested(one["ocr_data"], "") if one.get("ocr_data") else "{}",
    )


def _suggested(text: str, pointer: str) -> str:
    """What the supplier read off a form, as names and values: shown to people, and never taken for the paper's text."""
    try:
        told = json.loads(base64.b64decode(text, validate=True))
        fields = told["Metadata_file"] if isinstance(told, dict) else told
        found = {str(one["metadata_field_name"]): str(one["metadata_field_value"]) for one in fields[:MOST_FIELDS]}
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        raise fault(pointer, "invalid", "The OCR fields are not names and values in JSON, in base64.") from None
    return json.dumps(found, ensure_ascii=False)


def _with_ocr(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in body["scannable_items"] if one.get("ocr_data")]


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError("a name stands twice")
    return body
