"""JSON as it must come: UTF-8, an object, no key twice, not too deep, not too large (SEC-75)."""

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

LONGEST = 1024 * 1024
DEEPEST = 20


class StrictJSONParser(JSONParser):
    """Refuses what lenient parsers take silently."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        raw = stream.read(LONGEST + 1)
        if len(raw) > LONGEST:
            raise ParseError
        try:
            body = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        if _depth(body) > DEEPEST or not isinstance(body, dict):
            raise ParseError
        return body


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError("a key stands twice")
    return body


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0
