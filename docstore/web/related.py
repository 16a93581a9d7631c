"""What a document has to do with others, as its page tells: what it came with, and what says nearly the same.

Every question is asked in the scope of the person who looks: a paper that they may not open is not there.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.documents.attachments import attachments_of, message_of
from docstore.documents.models import Document
from docstore.search.alike import near_duplicates
from docstore.web import shown
from docstore.web.opened import Opened


@dataclass(frozen=True, slots=True)
class Link:
    """Another paper, and what is said of it."""

    document: Document
    url: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """The papers that this one came with or carries, and those that say nearly the same."""

    message: Link | None
    carried: tuple[Link, ...]
    alike: tuple[Link, ...]


def related(by: Actor, opened: Opened) -> Related:
    """Return what this person may know of."""
    document = opened.document
    message = message_of(opened.scope, document.pk)
    carried = attachments_of(opened.scope, document.pk)
    alike = near_duplicates(by, document.pk)
    return Related(
        message=_link(message) if message else None,
        carried=tuple(_link(one.document, shown.state_sentence(one.current)) for one in carried),
        alike=tuple(_link(one.placed.document, _share(one.likeness)) for one in alike),
    )


def _link(document: Document, about: str = "") -> Link:
    return Link(document, reverse("document", kwargs={"document_id": document.pk}), about)


def _share(likeness: float) -> str:
    if likeness >= 0.99:
        return _("The words are the same.")
    return _("About %(percent)s%% of the words are the same.") % {"percent": round(likeness * 100)}
