"""Batches as a station sends them: manifest, bytes, close, state, receipt (design/api.md §3)."""

import hashlib
import json
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.access.key_scopes import KeyScope
from docstore.api import batch_answers, batch_shapes
from docstore.api.bodies import digest_of, length_of, media_type_of
from docstore.api.views.stations import StationView
from docstore.core.errors import Refusal
from docstore.intake import batches, custody, following, manifest
from docstore.intake.actions import claim_request
from docstore.intake.shapes import schema
from docstore.intake.stations import own_station

KEY = OpenApiParameter("Idempotency-Key", location=OpenApiParameter.HEADER, required=True)
SEEN = OpenApiParameter("If-Match", location=OpenApiParameter.HEADER, required=True)
DIGEST = OpenApiParameter("Repr-Digest", location=OpenApiParameter.HEADER, required=True)


class Batches(StationView):
    """Open a batch."""

    @extend_schema(
        operation_id="batches_open",
        parameters=[KEY],
        request=OpenApiTypes.OBJECT,
        responses={201: batch_answers.BatchShape},
    )
    def post(self, request: Request) -> Response:
        own_station(self.actor, KeyScope.INTAKE_WRITE)
        key = self.idempotency_key
        body = cast(dict[str, Any], request.data)  # StrictJSONParser takes nothing but objects
        claim = claim_request(by=self.actor, route="batches", key=key, request_sha256=_fingerprint(body))
        if claim.answer:
            return _again(self, claim.answer, claim.told)
        try:
            batch = batches.open_batch(by=self.actor, manifest=manifest.parse(body), claim=claim)
        except Refusal:
            claim.drop()
            raise
        response = _answer(self, batch.pk, status=HTTPStatus.CREATED)
        claim.keep(json.dumps({"body": response.data, "etag": response["ETag"]}))
        return response


class OneBatch(StationView):
    """How a batch stands; and its manifest, as long as it is open."""

    @extend_schema(
        operation_id="batches_follow",
        parameters=[OpenApiParameter("If-None-Match", location=OpenApiParameter.HEADER)],
        responses={200: batch_answers.BatchShape, 304: None},
    )
    def get(self, request: Request, batch_id: UUID) -> Response:
        response = _answer(self, batch_id)
        if response["ETag"] in [one.strip() for one in request.headers.get("If-None-Match", "").split(",")]:
            return Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": response["ETag"]})
        return response

    @extend_schema(
        operation_id="batches_amend",
        parameters=[SEEN],
        request=OpenApiTypes.OBJECT,
        responses=batch_answers.BatchShape,
    )
    def patch(self, request: Request, batch_id: UUID) -> Response:
        batch = batches.own_batch(self.actor, batch_id, KeyScope.INTAKE_WRITE)
        batches.check_seen(batch, self.seen)
        amended = manifest.amended(batch.manifest, cast(dict[str, Any], request.data))
        batches.amend_batch(by=self.actor, batch_id=batch_id, seen=self.seen, manifest=amended)
        return _answer(self, batch_id)


class Close(StationView):
    """Say that everything was sent."""

    @extend_schema(operation_id="batches_close", request=None, responses={202: batch_answers.BatchShape})
    def post(self, request: Request, batch_id: UUID) -> Response:
        batches.close_batch(by=self.actor, batch_id=batch_id, seen=self.seen)
        return _answer(self, batch_id, status=HTTPStatus.ACCEPTED)


class Rescan(StationView):
    """Scan an item again: opens a batch of one for it, to be filled and closed like any other."""

    @extend_schema(operation_id="items_rescan", request=OpenApiTypes.OBJECT, responses={201: batch_answers.BatchShape})
    def post(self, request: Request, batch_id: UUID, seq: int) -> Response:
        batches.own_item(self.actor, batch_id, seq)
        declared = cast(dict[str, Any], request.data)
        batch = batches.open_rescan(by=self.actor, batch_id=batch_id, seq=seq, declared=declared)
        return _answer(self, batch.pk, status=HTTPStatus.CREATED)


class Receipt(StationView):
    """The signed receipt, byte for byte as it was signed."""

    @extend_schema(operation_id="batches_receipt", responses=batch_answers.EnvelopeShape)
    def get(self, request: Request, batch_id: UUID) -> HttpResponse:
        text = following.receipt_of(by=self.actor, batch_id=batch_id)
        return HttpResponse(text, content_type="application/json", headers={"Cache-Control": "no-store"})


class Content(StationView):
    """The bytes of one item, whole."""

    @extend_schema(
        operation_id="items_send",
        parameters=[DIGEST],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={200: batch_answers.ItemShape, 201: batch_answers.ItemShape},
    )
    def put(self, request: Request, batch_id: UUID, seq: int) -> Response:
        taken = custody.receive_item(
            by=self.actor,
            batch_id=batch_id,
            seq=seq,
            read=request._request.read,
            length=length_of(request),
            digest=digest_of(request),
            media_type=media_type_of(request),
        )
        status = HTTPStatus.CREATED if taken.is_new else HTTPStatus.OK
        return Response(batch_shapes.item(taken.item), status=status)


class Schema(StationView):
    """The published schema of a manifest."""

    @extend_schema(operation_id="batches_schema", responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        return Response(schema("batch"))


def _again(view: StationView, batch_id: UUID, told: str) -> Response:
    """The first answer once more, word for word; as the batch stands now where the first was never kept."""
    batches.own_batch(view.actor, batch_id)
    if not told:
        response = _answer(view, batch_id, status=HTTPStatus.CREATED)
    else:
        first = json.loads(told)
        response = Response(first["body"], status=HTTPStatus.CREATED)
        response["ETag"], response["Location"] = first["etag"], f"/api/v1/batches/{batch_id}"
    response["Idempotency-Replayed"] = "true"
    return response


def _answer(view: StationView, batch_id: UUID, *, status: int = HTTPStatus.OK) -> Response:
    found = following.follow(by=view.actor, batch_id=batch_id)
    response = Response(batch_shapes.batch(found), status=status)
    response["ETag"] = found.etag
    if status == HTTPStatus.CREATED:
        response["Location"] = f"/api/v1/batches/{batch_id}"
    if found.ask_again:
        response["Retry-After"] = str(found.ask_again)
    return response


def _fingerprint(body: Any) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
