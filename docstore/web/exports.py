"""Lists as files: CSV, XLSX and JSON with their filter and day, and no cell that a spreadsheet would run (RET-N3)."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse

from docstore.access.actor import Actor
from docstore.core import clock
from docstore.retention import desk

KINDS = ("csv", "xlsx", "json")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 50_000
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


def asked(
    request: HttpRequest, actor: Actor, name: str, columns: Sequence[str], lines: Callable[[], Iterable[Sequence[str]]]
) -> HttpResponse | None:
    """Return the whole list as a file, if one is asked for; `lines` are made only then. That it left is written down."""
    kind = wanted(request)
    if not kind:
        return None
    rows = list(lines())
    desk.record_export(actor, what=name, rows=len(rows))
    told = {"list": name, "filter": filter_of(request), "as_of": clock.today().isoformat()}
    return send(kind, name.replace(" ", "-"), told, columns, rows)


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
    narrowed = json.dumps(told.get("filter", {}), ensure_ascii=False)
    head = ["list", str(told["list"]), "as of", str(told["as_of"]), "filter", narrowed]
    if kind == "xlsx":
        return _file(_sheet([head, columns, *rows]), XLSX, f"{name}.xlsx")
    response = _file("", "text/csv; charset=utf-8", f"{name}.csv")
    csv.writer(response).writerows([harmless(value) for value in line] for line in (head, columns, *rows))
    return response


def _sheet(lines: Iterable[Sequence[str]]) -> bytes:
    """One sheet of text: what looks like a formula, a number or an address is written as the words that it is."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet()
    for at, line in enumerate(lines):
        for column, value in enumerate(line):
            sheet.write_string(at, column, value)
    book.close()
    return made.getvalue()


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _file(body: str | bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
