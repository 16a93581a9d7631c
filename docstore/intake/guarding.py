"""The wrong-case guard for what could not be looked at before it was filed (DOM-1.13): files too large to be opened at once,
and files that waited for their virus check. As soon as their first pages are read the same comparison is made, and what
speaks against the case holds the paper for a person. Safe to repeat.
"""

from uuid import UUID

from docstore.documents.doubting import Doubt, hold
from docstore.documents.models import Filing, Page, Version
from docstore.documents.progress import TELLING_PAGES
from docstore.intake import wrong_case

FOUND = "This paper {found}, and it lies on {target}."


def look_again(version_id: UUID) -> None:
    """Compare the first pages of a version with the case on which its document lies."""
    version = Version.objects.filter(pk=version_id, unguarded=True).first()
    if version is None:
        return
    home = Filing.objects.filter(document=version.document_id, is_home=True, ended_at__isnull=True).first()
    rows = Page.objects.filter(version=version, number__lte=TELLING_PAGES).order_by("number")
    found = wrong_case.compare(home.case, list(rows.values_list("text", flat=True))) if home else None
    if home is None or found is None:
        hold(version_id, None)
        return
    reason = FOUND.format(found=found.found, target=wrong_case.main_number(home.case))
    hold(version_id, Doubt(reason, found.number, found.page, str(found.other or "")))
