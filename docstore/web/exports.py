"""Lists as files: CSV and JSON with their filter and day, and no cell that a spreadsheet would run (RET-N3)."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

KINDS = ("csv", "json")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def wanted(request: HttpRequest) -> str:
    """Return which kind of file is asked for; empty for the page itself."""
    kind = request.GET.get("format", "")
    return kind if kind in KINDS else ""


def links(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the addresses of the same list as files."""
    found = []
    for kind in KINDS:
        query = request.GET.copy()
        query["format"] = kind
        for cursor in ("after", "cursor"):
            query.pop(cursor, None)
        found.append((kind.upper(), f"?{query.urlencode()}"))
    return found


def filter_of(request: HttpRequest) -> dict[str, str]:
    """Return what a list was narrowed by, as it goes into the file."""
    return {
        name: str(value)
        for name, value in request.GET.dict().items()
        if name not in ("format", "after", "cursor") and value
    }


def send(
    kind: str, name: str, told: Mapping[str, Any], columns: Sequence[str], lines: Iterable[Sequence[str]]
) -> HttpResponse:
    """Return a list as a file: `told` names the list, its day and its filter, and stands in the file itself."""
    rows = list(lines)
    if kind == "json":
        results = [dict(zip(columns, line, strict=True)) for line in rows]
        body = json.dumps({**told, "records": len(rows), "results": results}, ensure_ascii=False)
        return _file(body, "application/json", f"{name}.json")
    response = _file("", "text/csv; charset=utf-8", f"{name}.csv")
    writer = csv.writer(response)
    asked = harmless(json.dumps(told.get("filter", {})))
    writer.writerow(["list", harmless(str(told["list"])), "as of", told["as_of"], "filter", asked])
    writer.writerow(columns)
    writer.writerows([harmless(value) for value in line] for line in rows)
    return response


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _file(body: str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
