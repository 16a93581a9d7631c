"""Which other documents a document has to do with: what it carried, what carried it, what says nearly the same."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.api import answers, shapes
from docstore.api.views.common import View
from docstore.documents import attachments
from docstore.documents.queries import versions_of
from docstore.search.alike import near_duplicates


class Attachments(View):
    """The documents that came inside this one, and the one that this came inside of."""

    @extend_schema(responses=answers.Attachments)
    def get(self, request: Request, document_id: UUID) -> Response:
        message = attachments.message_of(self.scope, document_id)
        found = attachments.attachments_of(self.scope, document_id)
        rows = [shapes.document(one, versions_of(one.document)) for one in found]
        return Response({"message": str(message.pk) if message else None, "results": rows})


class NearDuplicates(View):
    """The papers of its cases that say nearly the same, the likest first; for those who may deal with doubts there."""

    @extend_schema(responses=answers.NearDuplicates)
    def get(self, request: Request, document_id: UUID) -> Response:
        found = near_duplicates(self.actor, document_id)
        rows = [
            {
                "document": shapes.document(one.placed, versions_of(one.placed.document)),
                "likeness": round(one.likeness, 3),
            }
            for one in found
        ]
        return Response({"results": rows})
