"""The text of a page as people have corrected it, and what is kept beside it."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.api import answers, inputs, shapes
from docstore.api.views.common import View, one_document
from docstore.documents import corrections, delivery, queries


class Corrections(View):
    """Every text kept of a page beside the one in use, and a new one by a person."""

    @extend_schema(responses=answers.Layers)
    def get(self, request: Request, document_id: UUID, number: int) -> Response:
        document = queries.get_document(self.scope, document_id)
        rows = corrections.layers_of(self.scope, document_id, number)
        delivery.record_page_view(by=self.actor, document=document, page=number)
        return Response({"results": [shapes.layer(row) for row in rows]})

    @extend_schema(request=inputs.Correction, responses=answers.Document)
    def post(self, request: Request, document_id: UUID, number: int) -> Response:
        queries.get_document(self.scope, document_id)
        given = inputs.checked(inputs.Correction, request.data).validated_data
        corrections.correct_page(
            by=self.actor,
            document_id=document_id,
            seen=self.seen,
            page=number,
            text=given["text"],
            reason=given["reason"],
        )
        return one_document(self.actor, document_id)


class Revert(View):
    """Take a correction back."""

    @extend_schema(request=inputs.Reason, responses=answers.Document)
    def post(self, request: Request, document_id: UUID, number: int) -> Response:
        queries.get_document(self.scope, document_id)
        given = inputs.checked(inputs.Reason, request.data).validated_data
        corrections.revert_page(
            by=self.actor, document_id=document_id, seen=self.seen, page=number, reason=given["reason"]
        )
        return one_document(self.actor, document_id)
