"""Checksummed identifiers. Knows digits and letters, not which of them a court uses for what."""

import re

_SEPARATORS = re.compile(r"[\s\-‐-―]+")
_SIXTEEN_DIGITS = re.compile(r"[0-9]{16}")


def normalise(text: str) -> str:
    """Return a reference as it is stored: no spaces, dashes or leading '#', in capitals."""
    return _SEPARATORS.sub("", text).lstrip("#").upper()


def luhn_total(digits: str) -> int:
    """Return the Luhn sum of ASCII digits, the last of them being the check digit."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total


def is_luhn_16(text: str) -> bool:
    """Whether `text` is sixteen ASCII digits with a right check digit. All zeros pass Luhn and are still no number."""
    return bool(_SIXTEEN_DIGITS.fullmatch(text)) and text != "0" * 16 and luhn_total(text) % 10 == 0


def with_luhn_digit(stem: str) -> str:
    """Return `stem` followed by its check digit."""
    return stem + str(-luhn_total(stem + "0") % 10)
