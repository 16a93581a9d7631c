"""Documents from outside against their published JSON Schemas: every fault named with a pointer, a code and a sentence."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from docstore.core.errors import FieldError, Invalid
from docstore.intake.stamps import is_envelope_name, stamp_of

FOLDER = Path(__file__).with_name("schemas")
MOST_ERRORS = 50
CODES = {
    "required": "required",
    "additionalProperties": "unknown-field",
    "type": "wrong-type",
    "format": "invalid-date",
    "pattern": "invalid",
    "enum": "unknown-value",
    "uniqueItems": "stands-twice",
}
SENTENCES = {
    "required": "This field is missing. Add it.",
    "unknown-field": "This field is not known here. Leave it out.",
    "wrong-type": "This has the wrong type. The published schema says which it should be.",
    "invalid-date": "This is not a date and time, or not a name with one, as the published schema asks for.",
    "unknown-value": "This is not one of the words that are known here.",
    "stands-twice": "The same thing stands here twice.",
}
ELSE = "This cannot be taken as it is. The published schema says what fits."
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_CHECKER = FormatChecker(formats=())


class MetadataInvalid(Invalid):
    """The description of the batch is not as the published schema asks. Each fault is named; correct them and send it again."""

    code = "metadata-invalid"
    status = 400


@_CHECKER.checks("date-time", raises=ValueError)  # type: ignore[untyped-decorator] # untyped there
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or bool(moment_of(value))


@_CHECKER.checks("supplier-stamp", raises=ValueError)  # type: ignore[untyped-decorator] # untyped there
def _is_stamp(value: object) -> bool:
    return not isinstance(value, str) or bool(stamp_of(value))


@_CHECKER.checks("envelope-name")  # type: ignore[untyped-decorator] # untyped there
def _is_envelope_name(value: object) -> bool:
    return not isinstance(value, str) or is_envelope_name(value)


def moment_of(text: str) -> datetime:
    """Return an RFC 3339 time with its offset; raise ValueError for anything else, the 31st of February included."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    plain = re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text.upper().replace("Z", "+00:00"))
    return datetime.fromisoformat(plain)


@cache
def schema(name: str) -> dict[str, Any]:
    """Return a published schema by its name."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


@cache
def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(name), format_checker=_CHECKER)


def check(name: str, body: Mapping[str, Any]) -> None:
    """Hold `body` against a schema; raise MetadataInvalid with every fault, up to fifty."""
    faults = [one for error in _validator(name).iter_errors(body) for one in _told(error)]
    if faults:
        raise MetadataInvalid(errors=tuple(sorted(faults, key=lambda one: one.pointer)[:MOST_ERRORS]))


def fault(pointer: str, code: str, detail: str) -> MetadataInvalid:
    """One fault that no schema can tell of."""
    return MetadataInvalid(errors=(FieldError(pointer, code, detail),))


def _told(error: ValidationError) -> Iterator[FieldError]:
    place = "".join(f"/{_escaped(str(part))}" for part in error.absolute_path)
    code = CODES.get(str(error.validator), "invalid")
    for name in _names(error):
        yield FieldError(place + name or "/", code, SENTENCES.get(code, ELSE))


def _names(error: ValidationError) -> list[str]:
    """The members that a fault is about, where it is reported on the object that holds them."""
    if error.validator == "required" and isinstance(error.instance, dict):
        return [f"/{name}" for name in error.validator_value if name not in error.instance]
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = error.schema.get("properties", {})
        return [f"/{_escaped(str(name))[:80]}" for name in sorted(error.instance) if name not in known]
    return [""]


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1")
