"""Suppliers' envelopes, as their scanning software makes them (design/api.md §9)."""

from email.message import Message
from http import HTTPStatus

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.access.key_scopes import KeyScope
from docstore.api import batch_answers, batch_shapes
from docstore.api.bodies import digest_of, length_of, media_type_of
from docstore.api.views.stations import StationView
from docstore.core import conf
from docstore.core.errors import Refusal
from docstore.intake import custody, envelopes, following
from docstore.intake.stations import own_station

ZIP = ("application/zip", "application/x-zip-compressed", "application/octet-stream")
NAME = OpenApiParameter("Content-Disposition", location=OpenApiParameter.HEADER, required=True)


class NotAZip(Refusal):
    """Send the envelope as application/zip."""

    code = "media-type-not-supported"
    status = 415


class Envelopes(StationView):
    """Take an envelope."""

    @extend_schema(
        operation_id="envelopes_send",
        parameters=[NAME],
        request={"application/zip": OpenApiTypes.BINARY},
        responses={202: batch_answers.BatchShape},
    )
    def post(self, request: Request) -> Response:
        own_station(self.actor, KeyScope.INTAKE_WRITE)
        if media_type_of(request) not in ZIP:
            raise NotAZip
        length, digest = length_of(request), digest_of(request)
        if length is None:
            raise custody.LengthMissing
        limit = conf.get().limits.file_bytes
        with custody.spooled(request._request.read, length=length, limit=limit) as arrived:
            if digest is not None and digest != arrived.sha256:
                raise custody.DigestMismatch
            batch = envelopes.take_envelope(by=self.actor, name=_name(request), arrived=arrived)
        found = following.follow(by=self.actor, batch_id=batch.pk)
        response = Response(batch_shapes.batch(found), status=HTTPStatus.ACCEPTED)
        response["Location"] = f"/api/v1/batches/{batch.pk}"
        return response


def _name(request: Request) -> str:
    """What the zip is called, as Content-Disposition says."""
    told = Message()
    told["Content-Disposition"] = request.headers.get("Content-Disposition", "").replace("\n", " ").replace("\r", " ")
    return told.get_filename("") or ""
