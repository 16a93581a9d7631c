"""A page's picture for somebody who may see it, made on the spot where the workers have not come to it yet."""

from uuid import UUID

from docstore.access.actor import Actor
from docstore.cases.scope import Scope
from docstore.core.errors import NotFound, Unavailable
from docstore.documents.delivery import Delivery, open_picture
from docstore.documents.models import Page, PageState, RenditionKind
from docstore.documents.queries import get_document, version_of
from docstore.reading.drawing import draw_page
from docstore.reading.faults import ReadingFault


class PictureNotReady(Unavailable):
    """The picture of this page cannot be shown just now: {why} Try again in a minute."""

    code = "picture-not-ready"


def picture_of(*, by: Actor, document_id: UUID, page: int, kind: RenditionKind) -> Delivery:
    """Return the picture of a page; raise NotFound for what is hidden or absent, PictureNotReady where it fails."""
    try:
        return open_picture(by=by, document_id=document_id, page=page, kind=kind)
    except NotFound:
        version = version_of(get_document(Scope.of(by), document_id))
        row = Page.objects.filter(version=version, number=page).exclude(state=PageState.FAILED).first()
        if row is None or not version.is_served:
            raise
    try:
        draw_page(version.pk, page)
    except ReadingFault as fault:
        raise PictureNotReady(why=str(fault)) from fault
    return open_picture(by=by, document_id=document_id, page=page, kind=kind)
