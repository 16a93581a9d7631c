"""The typed numbers of a case and what makes each valid. Patterns of URN and prosecutor numbers come from test data of
public repositories, not from an official definition, so they stand here as data."""

import re
from dataclasses import dataclass

from docstore.cases.models import ReferenceKind
from docstore.core.errors import FieldError, Invalid
from docstore.core.references import is_luhn_16, normalise

_URN = re.compile(r"[0-9]{2}[A-Z]{2}[0-9]{7}")
_PROSECUTOR = re.compile(r"[A-Z]{2,6}[0-9]{4,10}")
LONGEST = 100

RULES = {
    ReferenceKind.CCD: "sixteen digits, the last of which checks the others",
    ReferenceKind.URN: "two digits, two letters and seven digits, such as 87GD9945217",
    ReferenceKind.PROSECUTOR: "two to six letters and four to ten digits, such as TFL4359536",
    ReferenceKind.LEGACY: "up to 100 characters",
}


class ReferenceInvalid(Invalid):
    """{value} is not a valid {kind} number: it should be {rule}. Check it against the paper."""

    code = "reference-invalid"


@dataclass(frozen=True, slots=True)
class TypedReference:
    """A reference that has passed its kind's rule; `value` is normalised."""

    kind: ReferenceKind
    value: str


def parse(kind: str, value: str, *, pointer: str) -> TypedReference:
    """Return the reference, normalised; raise ReferenceInvalid with `pointer` to the field at fault."""
    try:
        typed = ReferenceKind(kind)
    except ValueError:
        raise _invalid(kind, value, "one of ccd, urn, prosecutor, legacy", f"{pointer}/kind") from None
    plain = value.strip() if typed is ReferenceKind.LEGACY else normalise(value)
    if not _fits(typed, plain):
        raise _invalid(kind, value, RULES[typed], f"{pointer}/value")
    return TypedReference(typed, plain)


def _fits(kind: ReferenceKind, value: str) -> bool:
    match kind:
        case ReferenceKind.CCD:
            return is_luhn_16(value)
        case ReferenceKind.URN:
            return bool(_URN.fullmatch(value))
        case ReferenceKind.PROSECUTOR:
            return bool(_PROSECUTOR.fullmatch(value))
        case ReferenceKind.LEGACY:
            return 0 < len(value) <= LONGEST


def _invalid(kind: str, value: str, rule: str, pointer: str) -> ReferenceInvalid:
    said = ReferenceInvalid(kind=kind[:20], value=value[:40], rule=rule)
    said.errors = (FieldError(pointer, said.code, said.sentence),)
    return said


def shown(kind: str, value: str) -> str:
    """Return a reference as people read it: sixteen digits in groups of four."""
    if kind == ReferenceKind.CCD:
        return " ".join(value[place : place + 4] for place in range(0, 16, 4))
    return value
