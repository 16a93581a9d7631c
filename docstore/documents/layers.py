"""What is kept of a page's text beside the one in use. Called by `progress` while reading and by `corrections`.

A machine's reading that gives way – to a person's correction, to a later reading, or because OCR read more than the file's
own text said – is set aside here; one of each source is kept, the latest.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from docstore.core import clock
from docstore.documents.models import LayerSource, Method, Page, PageLayer, PageState, Version

MACHINES = (LayerSource.NATIVE, LayerSource.OCR)


def live_corrections(version_id: UUID) -> dict[int, PageLayer]:
    """Return the corrections in force on a version, by page number; nearly always none."""
    rows = PageLayer.objects.filter(version=version_id, source=LayerSource.PERSON, ended_at__isnull=True)
    return {one.page: one for one in rows}


def set_aside_native(version: Version, texts: Mapping[int, str]) -> None:
    """Keep the file's own text of pages for which OCR is used instead."""
    _replace(
        version,
        [
            PageLayer(version=version, page=page, source=LayerSource.NATIVE, text=text, made_at=clock.now())
            for page, text in texts.items()
            if text.strip()
        ],
    )


def set_aside_readings(version: Version, rows: Iterable[Page]) -> None:
    """Keep what the machine read of these pages: they are about to be read again, or a person's text takes its place."""
    _replace(
        version,
        [
            _layer(version, one)
            for one in rows
            if one.state == PageState.DONE and one.text and not one.is_corrected and one.method != Method.NONE
        ],
    )


def machine_layer(version_id: UUID, page: int, method: str) -> PageLayer | None:
    """Return what the machine read where a correction stands in its place."""
    rows = PageLayer.objects.filter(version=version_id, page=page, source=method)
    return rows.order_by("-id").first()


def put_under_correction(
    version: Version, page: int, correction: PageLayer, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """Set a new machine reading aside beneath a correction in force; return the page's fields with the person's text."""
    if fields["method"] in MACHINES:
        kept = {name: fields[name] for name in ("text", "packed_words", "engine", "language", "confidence")}
        _replace(
            version,
            [PageLayer(version=version, page=page, source=fields["method"], made_at=clock.now(), **kept)],
        )
    return {**fields, **fields_of(correction)}


def fields_of(correction: PageLayer) -> dict[str, Any]:
    """The columns of a page whose text is a person's: nothing in it is unclear to a machine any more."""
    return {
        "text": correction.text,
        "packed_words": bytes(correction.packed_words),
        "confidence": None,
        "is_corrected": True,
    }


def _layer(version: Version, page: Page) -> PageLayer:
    return PageLayer(
        version=version,
        page=page.number,
        source=page.method,
        text=page.text,
        packed_words=page.packed_words,
        engine=page.engine,
        language=page.language,
        confidence=page.confidence,
        made_at=clock.now(),
    )


def _replace(version: Version, layers: Sequence[PageLayer]) -> None:
    """Store machine layers in place of earlier ones of the same page and source."""
    for source in MACHINES:
        pages = [one.page for one in layers if one.source == source]
        if pages:
            PageLayer.objects.filter(version=version, source=source, page__in=pages).delete()
    PageLayer.objects.bulk_create(layers, batch_size=200)
