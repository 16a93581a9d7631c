"""Rows as JSON, member by member as design/outside.md fixes them. Members may be added; none may vanish or change."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from docstore.access.actor import Actor
from docstore.access.models import Court
from docstore.cases.models import Case, CaseType, Classification, Right
from docstore.cases.queries import SectionView
from docstore.documents.models import LayerSource, Page, PageLayer, Version
from docstore.documents.queries import Placed


def moment(at: datetime | None) -> str | None:
    """Return a time as RFC 3339 in UTC, ending in Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None


def me(actor: Actor, courts: Iterable[Court]) -> dict[str, Any]:
    return {
        "username": actor.username,
        "name": actor.name,
        "roles": list(dict.fromkeys(held.code for held in actor.roles)),
        "courts": [{"code": one.code, "name": one.name} for one in courts],
    }


def case_type(kind: CaseType) -> dict[str, Any]:
    return {
        "code": kind.code,
        "name": kind.name,
        "jurisdiction": kind.jurisdiction,
        "sections": [{"code": one.code, "name": one.name} for one in kind.sections.all()],
    }


def case(row: Case, sections: Iterable[SectionView], counts: dict[int, int], hidden: int | None) -> dict[str, Any]:
    views = list(sections)
    body = {
        "id": str(row.pk),
        "title": row.title,
        "court": row.court.code,
        "case_type": row.case_type.code,
        "jurisdiction": row.case_type.jurisdiction,
        "status": row.status,
        "classification": Classification(row.classification).name,
        "sealed": row.sealed,
        "references": [{"kind": one.kind, "value": one.value} for one in row.references.all()],
        "sections": [
            {
                "code": view.section.code,
                "name": view.section.name,
                "documents": counts.get(view.section.pk, 0),
                "rights": [str(right) for right in Right if right in view.rights],
            }
            for view in views
        ],
        "documents": sum(counts.values()),
    }
    return body if hidden is None else {**body, "hidden": hidden}


def document(placed: Placed, versions: Iterable[Version]) -> dict[str, Any]:
    one, current = placed.document, placed.current
    return {
        "id": str(one.pk),
        "case": str(placed.filing.case_id),
        "title": one.title,
        "section": placed.filing.section.code,
        "type": one.type,
        "dated_on": _day(one.dated_on),
        "received_on": _day(one.received_on),
        "received_at": moment(one.received_at),
        "scanned_on": _day(one.scanned_on),
        "filed_at": moment(one.filed_at),
        "filed_by": one.filed_by.name if one.filed_by else "Docstore",
        "language": one.language,
        "classification": Classification(one.rank).name,
        "sealed": one.sealed,
        "withdrawn": one.is_withdrawn,
        "stage": current.stage,
        "partial": current.is_partial,
        "reason": current.stage_reason or current.note or None,
        "pages": {
            "total": current.pages_total,
            "readable": current.pages_readable,
            "searchable": current.pages_searchable,
            "without_text": current.pages_without_text,
            "failed": current.pages_failed,
        },
        "current": one.current,
        "versions": [version(row) for row in versions],
    }


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def version(row: Version) -> dict[str, Any]:
    return {
        "number": row.number,
        "sha256": row.sha256,
        "bytes": row.bytes,
        "media_type": row.media_type,
        "original_name": row.original_name,
        "filed_at": moment(row.filed_at),
        "filed_by": row.filed_by.name if row.filed_by else "Docstore",
    }


def layer(row: PageLayer) -> dict[str, Any]:
    return {
        "source": row.source,
        "text": row.text,
        "engine": row.engine,
        "language": row.language,
        "confidence": row.confidence,
        "at": moment(row.made_at),
        "by": row.made_by.name if row.made_by else "Docstore",
        "reason": row.reason or None,
        "in_use": row.source == LayerSource.PERSON and row.ended_at is None,
        "ended_at": moment(row.ended_at),
    }


def page(row: Page, correction: PageLayer | None) -> dict[str, Any]:
    return {
        "number": row.number,
        "label": row.label,
        "width": row.width,
        "height": row.height,
        "state": row.state,
        "reason": row.reason or None,
        "text": row.text,
        "method": row.method,
        "engine": row.engine,
        "language": row.language,
        "confidence": row.confidence,
        "corrected": _corrected(correction),
        "words": [{"text": one.text, "box": list(one.box), "confidence": one.confidence} for one in row.words],
    }


def page_text(row: Page) -> dict[str, Any]:
    """A page's words as running text."""
    return {
        "number": row.number,
        "label": row.label,
        "text": row.text,
        "method": row.method,
        "language": row.language,
        "confidence": row.confidence,
    }


def _corrected(correction: PageLayer | None) -> dict[str, Any] | None:
    if correction is None:
        return None
    by = correction.made_by.name if correction.made_by else "Docstore"
    return {"by": by, "at": moment(correction.made_at), "reason": correction.reason}
