"""The certificate as a page to print: the same facts as its JSON, with the digest of that at the foot."""

import io
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from docstore.retention.archival_pdf import BOLD, PLAIN, ArchivalCanvas, use_fonts

MOST_RECORDS = 2000
use_fonts()
_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=18, leading=22, spaceAfter=4)
_HEAD = ParagraphStyle("head", fontName=BOLD, fontSize=11, leading=14, spaceBefore=10, spaceAfter=3)
_TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=9, leading=12)
_SMALL = ParagraphStyle("small", fontName=PLAIN, fontSize=6.5, leading=8)
_GRID = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#b1b4b6")),
        ("FONTNAME", (0, 0), (-1, -1), PLAIN),  # no font that is not inside the file
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]
)


def render(told: dict[str, Any], *, digest: str) -> bytes:
    """Return the certificate as PDF. Made from the signed content alone, so it can be made again at any time."""
    target = io.BytesIO()
    name = f"Certificate of destruction {told['certificate']}"
    page = SimpleDocTemplate(
        target, pagesize=A4, leftMargin=18 * mm, rightMargin=18 * mm, topMargin=16 * mm, bottomMargin=18 * mm,
        title=name, author="Docstore", invariant=1,
    )  # fmt: skip
    foot = f"{told['certificate']}, issue {told['issue']} ({told['status']}) - SHA-256 of the signed content: {digest}"
    page.build(_story(told, name), onFirstPage=_foot(foot), onLaterPages=_foot(foot), canvasmaker=ArchivalCanvas)
    return target.getvalue()


def _story(told: dict[str, Any], name: str) -> list[Any]:
    made = told["list"]
    story: list[Any] = [Paragraph(escape(name), _TITLE)]
    if told["status"] != "final":
        story.append(
            Paragraph("Interim: something on this list is still to be done. A final certificate will follow.", _HEAD)
        )
    story.append(_facts(_summary(told, made)))
    story += [Paragraph("Authority", _HEAD), *(_line(_authority(one)) for one in told["authority"])]
    story += [Paragraph("Approved by", _HEAD), *(_line(_approval(one)) for one in told["approvals"])]
    story += [Paragraph("Destroyed", _HEAD), *(_record(one) for one in told["records"][:MOST_RECORDS])]
    if len(told["records"]) > MOST_RECORDS:
        story.append(_line(f"and {len(told['records']) - MOST_RECORDS} more, named in the signed content."))
    if told["not_destroyed"]:
        story += [
            Paragraph("Not destroyed", _HEAD),
            *(_line(_left(one)) for one in told["not_destroyed"][:MOST_RECORDS]),
        ]
    story += [Spacer(1, 6), _line(f"Holds were checked: {told['holds_checked']}.")]
    return story


def _summary(told: dict[str, Any], made: dict[str, Any]) -> list[tuple[str, str]]:
    counts = told["counts"]
    audit = told["audit"]
    return [
        ("List", f"{made['number']}, made by {made['made_by']['account']} at {made['made_at']}"),
        ("Court", made["court"] or "all courts of this installation"),
        ("Carried out", f"by {made['carried_out_by']['account']} from {made['carried_out_at']}"),
        ("Destroyed", f"{counts['destroyed']} of {counts['items']} records: {counts['documents']} documents, {counts['pages']} pages, {counts['bytes']} bytes, {counts['copies']} copies"),
        ("Backups let go by", told["backups_clear_on"]),
        ("Copies of the index let go by", told.get("index_snapshots_clear_on", "")),
        ("Software", f"{told['software']['version']}, evaluation {told['software']['evaluation']}"),
        ("Audit", f"sealed up to event {audit['size']}, root {audit['root']}" if audit else "not sealed"),
        ("Issued", told["issued_at"]),
    ]  # fmt: skip


def _facts(rows: list[tuple[str, str]]) -> LongTable:
    cells = [[Paragraph(f"<b>{escape(name)}</b>", _TEXT), Paragraph(escape(text), _TEXT)] for name, text in rows]
    return LongTable(cells, colWidths=[32 * mm, 142 * mm], style=_GRID)


def _authority(one: dict[str, Any]) -> str:
    if "class" not in one:
        return f"{one['ground'].replace('_', ' ')}: {one['note']}"
    return f"{one['schedule']}/{one['class']}, version {one['version']}: {one['title']}. {one['mandate']}"


def _approval(one: dict[str, Any]) -> str:
    return f"Stage {one['stage']}: {one['by']['account']}, {one['at']}"


def _record(one: dict[str, Any]) -> LongTable:
    head = f"<b>{escape(one['reference'] or one['record'])}</b><br/>{escape(one['class'])} v{one['class_version']}, due {one['due_on']}"
    copies = "<br/>".join(
        escape(f"{t['kind']} {t['locator']} {t['storage_version']} {t['bytes']} B: {t['result']}")
        for t in one["targets"]
    )
    ids = escape(f"{one['kind']} {one['record']}")
    return LongTable(
        [[Paragraph(head, _TEXT), Paragraph(f"{ids}<br/>{copies}", _SMALL)]], colWidths=[44 * mm, 130 * mm], style=_GRID
    )


def _left(one: dict[str, Any]) -> str:
    return f"{one['reference'] or one['record']}: {one['state']}. {one.get('why', '')}"


def _line(text: str) -> Paragraph:
    return Paragraph(escape(text), _TEXT)


def _foot(text: str) -> Any:
    def draw(canvas: Any, page: Any) -> None:
        canvas.setFont(PLAIN, 5.5)
        canvas.drawString(18 * mm, 10 * mm, text)
        canvas.drawRightString(A4[0] - 18 * mm, 10 * mm, f"page {page.page}")

    return draw
