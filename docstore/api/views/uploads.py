"""Resumable uploads of items: the IETF draft with careful creation, and tus 1.0 over the same store (design/api.md §4)."""

import base64
import binascii
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.api import batch_answers, batch_shapes
from docstore.api.bodies import length_of, media_type_of
from docstore.api.views.stations import StationView
from docstore.core import conf
from docstore.core.errors import Refusal
from docstore.intake import uploads
from docstore.intake.custody import LengthMissing
from docstore.intake.models import Upload

PARTIAL = "application/partial-upload"
TUS_PIECE = "application/offset+octet-stream"
TUS = "1.0.0"
TUS_TELLS = {
    "Tus-Resumable": TUS,
    "Tus-Version": TUS,
    "Tus-Extension": "creation,checksum,expiration,termination",
    "Tus-Checksum-Algorithm": "sha1,sha256",
}
OFFSET = OpenApiParameter("Upload-Offset", int, location=OpenApiParameter.HEADER, required=True)
PIECE = {PARTIAL: OpenApiTypes.BINARY}


class PieceTypeWrong(Refusal):
    """Send a piece of an upload as {wanted}."""

    code = "media-type-not-supported"
    status = 415


class OffsetMissing(Refusal):
    """Say at which byte this piece begins, as Upload-Offset."""

    code = "offset-missing"
    status = 400


class TusVersionWrong(Refusal):
    """This address speaks tus 1.0.0. Say so with Tus-Resumable."""

    code = "tus-version"
    status = 412


class MetadataMissing(Refusal):
    """Say which item this is: Upload-Metadata with batch and seq, each in base64."""

    code = "metadata-invalid"
    status = 400


class LeftOver(Refusal):
    """This says that it completes the upload, and {missing} bytes are missing. They can still be sent."""

    code = "cut-short"
    status = 400


class UploadView(StationView):
    """A view of uploads: whoever is told of a wrong offset is told the right one."""

    always: ClassVar[dict[str, str]] = {}

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if isinstance(exc, Refusal) and "offset" in exc.members:
            response["Upload-Offset"] = str(exc.members["offset"])
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.always.items():
            answer[name] = value
        return answer

    def append(self, request: Request, upload_id: UUID, *, wanted: str, **more: Any) -> uploads.Progress:
        """Take the piece in the body."""
        uploads.own_upload(self.actor, upload_id)
        if media_type_of(request) != wanted:
            raise PieceTypeWrong(wanted=wanted)
        offset, length = length_of(request, "Upload-Offset"), length_of(request)
        if offset is None:
            raise OffsetMissing
        if length is None:
            raise LengthMissing
        read = request._request.read
        return uploads.append(by=self.actor, upload_id=upload_id, offset=offset, read=read, length=length, **more)


class NewUpload(UploadView):
    """Begin a resumable upload of an item."""

    @extend_schema(
        operation_id="uploads_begin",
        parameters=[OpenApiParameter("Upload-Complete", location=OpenApiParameter.HEADER)],
        request=None,
        responses={201: None},
    )
    def post(self, request: Request, batch_id: UUID, seq: int) -> Response:
        upload = uploads.begin_upload(
            by=self.actor,
            batch_id=batch_id,
            seq=seq,
            size=length_of(request, "Upload-Length"),
            media_type=_told_type(request),
        )
        headers = {"Location": f"/api/v1/uploads/{upload.pk}", **_state(upload)}
        return Response(status=HTTPStatus.CREATED, headers=headers)


class OneUpload(UploadView):
    """Ask how far an upload has come, add to it, or give it up."""

    @extend_schema(operation_id="uploads_ask", responses={204: None})
    def head(self, request: Request, upload_id: UUID) -> Response:
        upload = uploads.own_upload(self.actor, upload_id)
        return Response(status=HTTPStatus.NO_CONTENT, headers=_state(upload))

    @extend_schema(
        operation_id="uploads_add",
        parameters=[OFFSET],
        request=PIECE,
        responses={201: batch_answers.ItemShape, 204: None},
    )
    def patch(self, request: Request, upload_id: UUID) -> Response:
        found = self.append(request, upload_id, wanted=PARTIAL)
        headers = _state(found.upload)
        if found.taken is not None:
            return Response(batch_shapes.item(found.taken.item), status=HTTPStatus.CREATED, headers=headers)
        if request.headers.get("Upload-Complete") == "?1":
            members = {"offset": found.upload.received}
            raise LeftOver(missing=found.upload.size - found.upload.received, members=members)
        return Response(status=HTTPStatus.NO_CONTENT, headers=headers)

    @extend_schema(operation_id="uploads_give_up", responses={204: None})
    def delete(self, request: Request, upload_id: UUID) -> Response:
        uploads.give_up(by=self.actor, upload_id=upload_id)
        return Response(status=HTTPStatus.NO_CONTENT)


class TusView(UploadView):
    """A view that speaks tus."""

    always: ClassVar[dict[str, str]] = TUS_TELLS

    def require_tus(self, request: Request) -> None:
        if request.headers.get("Tus-Resumable") != TUS:
            raise TusVersionWrong

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Say what of tus is spoken here."""
        most = str(conf.get().limits.file_bytes)
        return Response(status=HTTPStatus.NO_CONTENT, headers={"Tus-Max-Size": most})


class TusUploads(TusView):
    """Begin an upload as tus does; the item is named in Upload-Metadata."""

    @extend_schema(operation_id="tus_begin", request=None, responses={201: None})
    def post(self, request: Request) -> Response:
        self.require_tus(request)
        told = _metadata(request.headers.get("Upload-Metadata", ""))
        batch_id, seq = _named(told)
        size = length_of(request, "Upload-Length")
        if size is None:
            raise LengthMissing
        upload = uploads.begin_upload(
            by=self.actor, batch_id=batch_id, seq=seq, size=size, media_type=told.get("filetype", "")
        )
        headers = {"Location": f"/api/v1/uploads/tus/{upload.pk}", **_tus_state(upload)}
        return Response(status=HTTPStatus.CREATED, headers=headers)


class OneTusUpload(TusView):
    """Ask, add to and end an upload as tus does."""

    @extend_schema(operation_id="tus_ask", responses={200: None})
    def head(self, request: Request, upload_id: UUID) -> Response:
        self.require_tus(request)
        upload = uploads.own_upload(self.actor, upload_id)
        headers = {**_tus_state(upload), "Upload-Length": str(upload.size), "Cache-Control": "no-store"}
        return Response(status=HTTPStatus.OK, headers=headers)

    @extend_schema(
        operation_id="tus_add", parameters=[OFFSET], request={TUS_PIECE: OpenApiTypes.BINARY}, responses={204: None}
    )
    def patch(self, request: Request, upload_id: UUID) -> Response:
        self.require_tus(request)
        found = self.append(request, upload_id, wanted=TUS_PIECE, checksum=_checksum(request))
        return Response(status=HTTPStatus.NO_CONTENT, headers=_tus_state(found.upload))

    @extend_schema(operation_id="tus_give_up", responses={204: None})
    def delete(self, request: Request, upload_id: UUID) -> Response:
        self.require_tus(request)
        uploads.give_up(by=self.actor, upload_id=upload_id)
        return Response(status=HTTPStatus.NO_CONTENT)


def _state(upload: Upload) -> dict[str, str]:
    limits = conf.get()
    return {
        "Upload-Offset": str(upload.received),
        "Upload-Length": str(upload.size),
        "Upload-Complete": "?1" if upload.is_complete else "?0",
        "Upload-Limit": f"max-size={limits.limits.file_bytes}, max-age={limits.intake.upload_hours * 3600}",
        "Cache-Control": "no-store",
    }


def _tus_state(upload: Upload) -> dict[str, str]:
    expires = upload.expires_at.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return {"Upload-Offset": str(upload.received), "Upload-Expires": expires}


def _told_type(request: Request) -> str:
    told = media_type_of(request)
    return "" if told in ("application/json", PARTIAL) else told


def _metadata(text: str) -> dict[str, str]:
    """Return what Upload-Metadata says: words, each followed by its value in base64."""
    found = {}
    for pair in text.split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise MetadataMissing from None
    return found


def _named(told: dict[str, str]) -> tuple[UUID, int]:
    seq = told.get("seq", "")
    if not (seq.isascii() and seq.isdigit() and len(seq) < 7):
        raise MetadataMissing
    try:
        return UUID(told.get("batch", "")), int(seq)
    except ValueError:
        raise MetadataMissing from None


def _checksum(request: Request) -> uploads.Checksum | None:
    algorithm, _, text = request.headers.get("Upload-Checksum", "").partition(" ")
    if not algorithm:
        return None
    try:
        return uploads.Checksum(algorithm, base64.b64decode(text, validate=True).hex())
    except binascii.Error:
        raise MetadataMissing from None
