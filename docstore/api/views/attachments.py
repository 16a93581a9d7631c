"""What a message carried, and the message that carried a document."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.api import answers, shapes
from docstore.api.views.common import View
from docstore.documents import attachments
from docstore.documents.queries import versions_of


class Attachments(View):
    """The documents that came inside this one, and the one that this came inside of."""

    @extend_schema(responses=answers.Attachments)
    def get(self, request: Request, document_id: UUID) -> Response:
        message = attachments.message_of(self.scope, document_id)
        found = attachments.attachments_of(self.scope, document_id)
        rows = [shapes.document(one, versions_of(one.document)) for one in found]
        return Response({"message": str(message.pk) if message else None, "results": rows})
