"""What the views share: the actor of a request, its precondition, and answers about one document or case."""

from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from docstore.access.actor import Actor
from docstore.api import shapes
from docstore.api.authentication import KeyHolder
from docstore.api.rates import Rate
from docstore.cases.models import Case
from docstore.cases.queries import sections_of
from docstore.cases.scope import Scope
from docstore.documents.models import Document
from docstore.documents.queries import counts_by_section, get_document, hidden_on, placed, versions_of
from docstore.intake.actions import Incoming


class View(APIView):
    """A view that knows who is asking, and how often."""

    request: Request
    throttle_classes = (Rate,)

    @property
    def actor(self) -> Actor:
        return cast(KeyHolder, self.request.user).actor

    @property
    def scope(self) -> Scope:
        return Scope.of(self.actor)

    @property
    def seen(self) -> str | None:
        """The state that the caller says they saw."""
        return self.request.headers.get("If-Match")

    @property
    def cursor(self) -> str | None:
        return self.request.query_params.get("cursor")

    def limit(self, usual: int) -> int:
        """How many rows the caller wants at most; as many as usual where they do not say so in digits."""
        text = self.request.query_params.get("limit", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else usual

    def paged(self, rows: list[dict[str, Any]], after: str | None) -> Response:
        """Answer one page of a list, and say where the next one is."""
        response = Response({"results": rows, "next": after})
        if after:
            query = self.request.query_params.copy()
            query["cursor"] = after
            response["Link"] = f'<{self.request.path}?{query.urlencode()}>; rel="next"'
        return response


def one_document(actor: Actor, document_id: UUID, *, status: int = HTTPStatus.OK) -> Response:
    """Answer a document as the actor sees it now, with its ETag."""
    scope = Scope.of(actor)
    document = get_document(scope, document_id)
    response = Response(shape_documents(scope, [document])[0], status=status)
    response["ETag"] = document.etag
    return response


def shape_documents(scope: Scope, documents: list[Document], *, on: Case | None = None) -> list[dict[str, Any]]:
    return [shapes.document(one, versions_of(one.document)) for one in placed(scope, documents, on=on)]


def shape_case(scope: Scope, case: Case) -> dict[str, Any]:
    return shapes.case(case, sections_of(scope, case), counts_by_section(scope, case), hidden_on(scope, case))


def incoming_of(file: Any) -> Incoming:
    """Return a file that our upload handler has spooled and hashed."""
    upload = cast(TemporaryUploadedFile, file)
    return Incoming(
        path=Path(upload.temporary_file_path()),
        name=upload.name or "document",
        declared=upload.content_type,
        size=upload.size or 0,
        sha256=upload.sha256,  # type: ignore[attr-defined] # set by intake.receiving
    )
