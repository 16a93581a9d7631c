"""Suppliers' envelopes for tests: made and signed as a supplier would."""

import base64
import copy
import io
import json
import uuid
import zipfile
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

STAMP = "2026-06-23T12:34:56.123Z"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" \
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"  # fmt: skip
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def trust(folder: Path) -> None:
    """Put the supplier's public key where the product looks for it."""
    folder.mkdir(parents=True, exist_ok=True)
    pem = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / "supplier.pem").write_bytes(pem)


def fresh_name() -> str:
    return f"{uuid.uuid4().int % 10**9}_24-06-2026-00-00-00.zip"


def metadata(name: str, **more: Any) -> dict[str, Any]:
    """The metadata of an envelope with one paper."""
    return {
        "po_box": "12747",
        "jurisdiction": "CRIME",
        "delivery_date": STAMP,
        "opening_date": STAMP,
        "zip_file_createddate": STAMP,
        "zip_file_name": name,
        "envelope_classification": "supplementary_evidence",
        "scannable_items": [paper("1.pdf")],
        **more,
    }


def paper(file_name: str, **more: Any) -> dict[str, Any]:
    """One scannable item."""
    return {
        "document_control_number": str(uuid.uuid4().int % 10**15),
        "scanning_date": STAMP,
        "next_action_date": STAMP,
        "file_name": file_name,
        "document_type": "Other",
        "next_action": "forward",
        **more,
    }


def form(file_name: str, **more: Any) -> dict[str, Any]:
    fields = {"Metadata_file": [{"metadata_field_name": "name", "metadata_field_value": "Ann"}]}
    data = base64.b64encode(json.dumps(fields).encode()).decode()
    return paper(file_name, document_type="Form", document_sub_type="N1", ocr_data=data, **more)


def inner(told: dict[str, Any], files: dict[str, bytes] | None = None) -> bytes:
    """The inner zip."""
    named = {one["file_name"]: PDF + one["document_control_number"].encode() for one in told["scannable_items"]}
    return zipped({"metadata.json": json.dumps(told).encode(), **(named if files is None else files)})


def envelope(told: dict[str, Any], files: dict[str, bytes] | None = None) -> bytes:
    """A whole envelope, signed by the supplier."""
    return sealed(inner(told, files))


def sealed(content: bytes, key: rsa.RSAPrivateKey = KEY) -> bytes:
    signature = key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    return zipped({"envelope.zip": content, "signature": signature})


def zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def altered(content: bytes) -> bytes:
    """The envelope with one byte of the inner zip changed, and otherwise whole."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    raw = bytearray(files["envelope.zip"])
    raw[len(raw) // 2] ^= 1
    return zipped({**files, "envelope.zip": bytes(raw)})


def without(told: dict[str, Any], name: str) -> dict[str, Any]:
    rest = copy.deepcopy(told)
    del rest[name]
    return rest
