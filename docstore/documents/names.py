"""File names of strangers. The name as sent is kept as evidence; what is shown or sent on is this (SEC-23, SEC-42)."""

import re
import unicodedata

LONGEST_BYTES = 255
# Controls, and what turns the reading direction or takes no room: such a name can look like another one.
_DECEPTIVE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]"
)


def shown(name: str) -> str:
    """Return a name that is what it looks like: composed letters, nothing invisible, at most 255 bytes."""
    plain = _DECEPTIVE.sub("", unicodedata.normalize("NFC", name.replace("/", "_").replace("\\", "_"))).strip()
    stem, dot, ending = plain.rpartition(".")
    ending = dot + ending if stem and len(ending) <= 10 else ""
    stem = plain.removesuffix(ending)
    room = LONGEST_BYTES - len(ending.encode())
    return (stem.encode()[:room].decode(errors="ignore") + ending) or "unnamed"
