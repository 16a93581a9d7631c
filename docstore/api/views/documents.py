"""Documents on a case, one document with its bytes, pages and pictures, and the acts on it."""

import hashlib
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.access.queries import names, person
from docstore.api import answers, inputs, shapes
from docstore.api.bytes import as_content, as_picture
from docstore.api.views.common import View, incoming_of, one_document
from docstore.audit.queries import entries
from docstore.cases import queries as cases
from docstore.cases.models import Classification
from docstore.core.errors import Invalid, Refusal
from docstore.documents import actions, delivery, explain, queries
from docstore.documents.corrections import correction_of
from docstore.documents.models import Document, RenditionKind
from docstore.intake import actions as intake
from docstore.reading.pictures import picture_of

THUMBNAIL_WIDTH = 300
LONGEST_KEY = 100
MOST_TEXTS = 50  # each page is a reading of its own in the audit


class KeyTooLong(Invalid):
    """An Idempotency-Key has at most 100 characters."""

    code = "idempotency-key-invalid"
    status = 400


class CaseDocuments(View):
    """List what is on a case, and file a paper on it."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        parameters=[OpenApiParameter("section"), OpenApiParameter("cursor"), OpenApiParameter("limit", int)],
        responses=answers.DocumentPage,
    )
    def get(self, request: Request, case_id: UUID) -> Response:
        scope = self.scope
        case = cases.get_case(scope, case_id)
        section = request.query_params.get("section", "")
        found = queries.documents_on(scope, case, section=section, cursor=self.cursor, limit=self.limit(100))
        rows = [shapes.document(one, queries.versions_of(one.document)) for one in found.rows]
        return self.paged(rows, found.next)

    @extend_schema(
        parameters=[OpenApiParameter("Idempotency-Key", location=OpenApiParameter.HEADER)],
        request={"multipart/form-data": inputs.NewDocument},
        responses={201: answers.Document},
    )
    def post(self, request: Request, case_id: UUID) -> Response:
        cases.get_case(self.scope, case_id)
        given = inputs.checked(inputs.NewDocument, request.data).validated_data
        claim = intake.claim_request(
            by=self.actor,
            route=f"cases/{case_id}/documents",
            key=_idempotency_key(request),
            request_sha256=_fingerprint(given),
        )
        if claim.answer:
            return _filed(self, claim.answer, replayed=True)
        try:
            document = _take(self, case_id, given, claim)
        except Refusal:
            claim.drop()
            raise
        return _filed(self, document.pk, replayed=False)


class OneDocument(View):
    """One document with its versions and how far reading has come."""

    @extend_schema(responses=answers.Document)
    def get(self, request: Request, document_id: UUID) -> Response:
        response = one_document(self.actor, document_id)
        return response


class Content(View):
    """The original bytes."""

    @extend_schema(parameters=[OpenApiParameter("version", int)], responses={200: OpenApiTypes.BINARY})
    def get(self, request: Request, document_id: UUID) -> StreamingHttpResponse:
        found = delivery.open_content(
            by=self.actor,
            document_id=document_id,
            version=_number(request, "version"),
            wanted=request.headers.get("Range", ""),
        )
        return as_content(found)


class Pages(View):
    """The words of one page and where they stand."""

    @extend_schema(responses=answers.Page)
    def get(self, request: Request, document_id: UUID, number: int) -> Response:
        document = queries.get_document(self.scope, document_id)
        row = queries.page_of(document, number, version=_number(request, "version"))
        delivery.record_page_view(by=self.actor, document=document, page=number)
        return Response(shapes.page(row, correction_of(row)))


class PageImage(View):
    """A picture of one page."""

    @extend_schema(parameters=[OpenApiParameter("width", int)], responses={200: OpenApiTypes.BINARY})
    def get(self, request: Request, document_id: UUID, number: int) -> StreamingHttpResponse:
        width = _number(request, "width")
        small = width is not None and width <= THUMBNAIL_WIDTH
        kind = RenditionKind.THUMBNAIL if small else RenditionKind.PAGE_IMAGE
        return as_picture(picture_of(by=self.actor, document_id=document_id, page=number, kind=kind))


class Text(View):
    """The words of a document, page by page, without their places."""

    @extend_schema(
        parameters=[OpenApiParameter("version", int), OpenApiParameter("cursor"), OpenApiParameter("limit", int)],
        responses=answers.TextPage,
    )
    def get(self, request: Request, document_id: UUID) -> Response:
        document = queries.get_document(self.scope, document_id)
        version = _number(request, "version")
        found = queries.list_pages(document, version=version, cursor=self.cursor, limit=min(self.limit(20), MOST_TEXTS))
        for row in found.rows:
            delivery.record_page_view(by=self.actor, document=document, page=row.number, version=version)
        return self.paged([shapes.page_text(row) for row in found.rows], found.next)


class Versions(View):
    """The versions of a document, and filing a new one."""

    parser_classes = (MultiPartParser,)

    @extend_schema(responses=answers.VersionList)
    def get(self, request: Request, document_id: UUID) -> Response:
        document = queries.get_document(self.scope, document_id)
        return Response({"results": [shapes.version(one) for one in queries.versions_of(document)]})

    @extend_schema(request={"multipart/form-data": inputs.NewVersion}, responses={201: answers.Document})
    def post(self, request: Request, document_id: UUID) -> Response:
        queries.get_document(self.scope, document_id)
        given = inputs.checked(inputs.NewVersion, request.data).validated_data
        intake.take_version(
            by=self.actor,
            document_id=document_id,
            seen=self.seen,
            incoming=incoming_of(given["file"]),
            reason=given["reason"],
            confirmed=given.get("confirm", ()),
        )
        return one_document(self.actor, document_id, status=HTTPStatus.CREATED)


class Act(View):
    """One act on a document; which one is decided in the address table."""

    takes: type[inputs.StrictSerializer] = inputs.Reason

    def carry_out(self, document_id: UUID, given: Any) -> Document:
        """Make the one call."""
        raise NotImplementedError

    def post(self, request: Request, document_id: UUID) -> Response:
        queries.get_document(self.scope, document_id)
        given = inputs.checked(self.takes, request.data)
        self.carry_out(document_id, given)
        return one_document(self.actor, document_id)


@extend_schema(request=inputs.Reason, responses=answers.Document)
class Withdraw(Act):
    def carry_out(self, document_id: UUID, given: Any) -> Document:
        return actions.withdraw(
            by=self.actor, document_id=document_id, seen=self.seen, reason=given.validated_data["reason"]
        )


@extend_schema(request=inputs.Reason, responses=answers.Document)
class Restore(Act):
    def carry_out(self, document_id: UUID, given: Any) -> Document:
        return actions.restore(
            by=self.actor, document_id=document_id, seen=self.seen, reason=given.validated_data["reason"]
        )


@extend_schema(request=inputs.Reason, responses=answers.Document)
class Unseal(Act):
    def carry_out(self, document_id: UUID, given: Any) -> Document:
        return actions.unseal(
            by=self.actor, document_id=document_id, seen=self.seen, reason=given.validated_data["reason"]
        )


@extend_schema(request=inputs.Sealing, responses=answers.Document)
class Seal(Act):
    takes = inputs.Sealing

    def carry_out(self, document_id: UUID, given: Any) -> Document:
        return actions.seal(
            by=self.actor,
            document_id=document_id,
            seen=self.seen,
            reason=given.validated_data["reason"],
            named=given.people(),
        )


@extend_schema(request=inputs.Reclassification, responses=answers.Document)
class Reclassify(Act):
    takes = inputs.Reclassification

    def carry_out(self, document_id: UUID, given: Any) -> Document:
        return actions.reclassify(
            by=self.actor,
            document_id=document_id,
            seen=self.seen,
            classification=Classification[given.validated_data["classification"]],
            reason=given.validated_data["reason"],
        )


@extend_schema(request=inputs.Moving, responses=answers.Document)
class Move(Act):
    takes = inputs.Moving

    def carry_out(self, document_id: UUID, given: Any) -> Document:
        told = given.validated_data
        return actions.move(
            by=self.actor,
            document_id=document_id,
            seen=self.seen,
            case_id=told["case"],
            section=told["section"],
            reason=told["reason"],
        )


@extend_schema(request=inputs.Nothing, responses=answers.Document)
class Reread(Act):
    takes = inputs.Nothing

    def carry_out(self, document_id: UUID, given: Any) -> Document:
        return actions.reread(by=self.actor, document_id=document_id, seen=self.seen)


class Explain(View):
    """Why somebody can or cannot open a document."""

    @extend_schema(parameters=[OpenApiParameter("person", required=True)], responses=answers.Explanation)
    def get(self, request: Request, document_id: UUID) -> Response:
        queries.get_document(self.scope, document_id)
        found = explain.explain(
            by=self.actor, document_id=document_id, person=person(request.query_params.get("person", ""))
        )
        return Response({"allowed": found.allowed, "because": list(found.because)})


class Trail(View):
    """Who did what with a document."""

    @extend_schema(parameters=[OpenApiParameter("cursor")], responses=answers.Trail)
    def get(self, request: Request, document_id: UUID) -> Response:
        found = queries.trail(self.scope, document_id, cursor=self.cursor)
        delivery.record_trail_read(by=self.actor, document_id=document_id)
        lines = entries(found.rows)
        known = names({UUID(one.actor) for one in lines if one.actor})
        return Response(
            {
                "results": [
                    {
                        "at": shapes.moment(one.at),
                        "event": one.event,
                        "sentence": one.sentence,
                        "who": known.get(UUID(one.actor), one.actor) if one.actor else "Docstore",
                        "role": one.role,
                        "facts": one.facts,
                    }
                    for one in lines
                ],
                "next": found.next,
            }
        )


def _take(view: View, case_id: UUID, given: dict[str, Any], claim: intake.Claim) -> Document:
    wanted = given.get("classification")
    return intake.take_document(
        by=view.actor,
        case_id=case_id,
        section=given["section"],
        incoming=incoming_of(given["file"]),
        title=given.get("title", ""),
        type=given.get("type", ""),
        dated_on=given.get("dated_on"),
        received_on=given.get("received_on"),
        classification=Classification[wanted] if wanted else None,
        language=given.get("language", ""),
        confirmed=given.get("confirm", ()),
        claim=claim,
    )


def _filed(view: View, document_id: UUID, *, replayed: bool) -> Response:
    response = one_document(view.actor, document_id, status=HTTPStatus.CREATED)
    response["Location"] = f"/api/v1/documents/{document_id}"
    if replayed:
        response["Idempotency-Replayed"] = "true"
    return response


def _fingerprint(given: dict[str, Any]) -> str:
    """What makes two requests the same: every field, and the digest of the file."""
    parts = sorted((name, str(value)) for name, value in given.items() if name != "file")
    return hashlib.sha256(repr((parts, given["file"].sha256)).encode()).hexdigest()


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        raise KeyTooLong
    return key


def _number(request: Request, name: str) -> int | None:
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None
