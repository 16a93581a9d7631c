"""Where a page stands among the hits that led to it: of a page of results, or of a look inside one document.

Plain values for the viewer; knows kept searches and addresses, and asks nobody.
"""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from docstore.core.errors import NotFound
from docstore.web.looking import Looking
from docstore.web.searches import Kept


@dataclass(frozen=True, slots=True)
class HitList:
    """What is said about the hits, and the ways to the one before and after; empty where there is none."""

    said: str
    results_url: str = ""
    previous_url: str = ""
    previous: str = ""
    next_url: str = ""
    next: str = ""


def hit_list(kept: Kept, document_id: UUID, number: int, look: Looking) -> HitList:
    """Return where page `number` of a document stands among the hits."""
    here = (str(document_id), number)
    if kept.document and kept.document != here[0]:
        return HitList("")
    before, after = _neighbours(kept, here)
    previous_url, previous = _link(before, here[0], look) if before else ("", "")
    next_url, following = _link(after, here[0], look) if after else ("", "")
    results = f"{reverse('search')}?s={look.search}" if kept.hits and not kept.document else ""
    return HitList(_said(kept, here), results, previous_url, previous, next_url, following)


def _neighbours(kept: Kept, here: tuple[str, int]) -> tuple[tuple[str, int] | None, tuple[str, int] | None]:
    """The hits before and after; inside a document also from a page that has none."""
    if here in kept.hits:
        at = kept.hits.index(here)
        return (kept.hits[at - 1] if at else None), (kept.hits[at + 1] if at + 1 < len(kept.hits) else None)
    if not kept.document:
        return None, None
    before = [one for one in kept.hits if one[1] < here[1]]
    after = [one for one in kept.hits if one[1] > here[1]]
    return (before[-1] if before else None), (after[0] if after else None)


def _said(kept: Kept, here: tuple[str, int]) -> str:
    place = kept.hits.index(here) if here in kept.hits else None
    if not kept.document:
        return _("Hit %(hit)s of %(hits)s") % {"hit": place + 1, "hits": len(kept.hits)} if place is not None else ""
    total = sum(kept.counts)
    if not total:
        return _("Your words are nowhere in this document")
    if place is None:
        said = ngettext("%(total)s hit in this document", "%(total)s hits in this document", total)
        return said % {"total": total}
    first = sum(kept.counts[:place]) + 1
    last = first + kept.counts[place] - 1
    said = (
        _("Hit %(first)s of %(total)s in this document")
        if first == last
        else _("Hits %(first)s to %(last)s of %(total)s in this document")
    )
    return said % {"first": first, "last": last, "total": total}


def _link(hit: tuple[str, int], here: str, look: Looking) -> tuple[str, str]:
    document, number = hit
    url = reverse("page", kwargs={"document_id": _uuid(document), "number": number})
    same = document == here
    words = _("page %(number)s of this document") if same else _("page %(number)s of another document")
    kept = look if same else Looking(look.search, look.zoom)
    return f"{url}{kept.tail}", words % {"number": number}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
