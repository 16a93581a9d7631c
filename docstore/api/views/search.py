"""Search over pages."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.api import answers, inputs
from docstore.api.views.common import View
from docstore.cases.models import Classification
from docstore.search import queries
from docstore.search.queries import Results

LIMIT = 20


class Search(View):
    """Find pages. The query travels in the body, never in the address, because it may hold a name."""

    @extend_schema(request=inputs.SearchInput, responses=answers.Results)
    def post(self, request: Request) -> Response:
        given = inputs.checked(inputs.SearchInput, request.data).validated_data
        found = queries.search(
            by=self.actor,
            query=given["query"],
            filters=filters_of(given.get("filters", {})),
            facets=tuple(given.get("facets", ())),
            sort=given.get("sort", "relevance"),
            limit=given.get("limit", LIMIT),
            cursor=given.get("cursor"),
        )
        return Response(_shape(found))


class Export(View):
    """The results as CSV."""

    @extend_schema(request=inputs.Asked, responses={(HTTPStatus.OK, "text/csv"): bytes})
    def post(self, request: Request) -> StreamingHttpResponse:
        given = inputs.checked(inputs.Asked, request.data).validated_data
        lines = queries.export_results(
            by=self.actor,
            query=given["query"],
            filters=filters_of(given.get("filters", {})),
            sort=given.get("sort", "relevance"),
        )
        response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="search.csv"'
        return response


class FindInDocument(View):
    """Find inside one document, with the number of hits and where each page's begin."""

    @extend_schema(request=inputs.FindInDocument, responses=answers.FoundInDocument)
    def post(self, request: Request, document_id: UUID) -> Response:
        given = inputs.checked(inputs.FindInDocument, request.data).validated_data
        found = queries.find_in_document(self.actor, document_id, given["query"], version=given.get("version"))
        return Response(
            {
                "document": str(document_id),
                "version": found.version.number,
                "hits": found.hits,
                "pages": [
                    {
                        "page": one.page,
                        "label": one.row.label,
                        "hits": one.hits,
                        "first": one.first,
                        "snippet": [{"text": part.text, "hit": part.hit} for part in one.snippet],
                        "boxes": [list(box) for box in one.boxes],
                    }
                    for one in found.pages
                ],
                "not_understood": list(found.query.not_understood),
            }
        )


def filters_of(given: dict[str, Any]) -> queries.Filters:
    """Return what the caller narrowed the search to."""
    chosen = given.get("classification")
    return queries.Filters(
        case=str(given["case"]) if "case" in given else None,
        reference=given.get("reference"),
        court=given.get("court"),
        section=given.get("section"),
        type=given.get("type"),
        party=given.get("party"),
        dated_from=given.get("dated_from"),
        dated_to=given.get("dated_to"),
        filed_from=given.get("filed_from"),
        filed_to=given.get("filed_to"),
        classification=int(Classification[chosen]) if chosen else None,
    )


def _shape(found: Results) -> dict[str, Any]:
    return {
        "hits": [
            {
                "document": str(hit.document),
                "title": hit.title,
                "case": str(hit.case),
                "reference": hit.reference,
                "page": hit.page,
                "label": hit.label,
                "snippet": [{"text": part.text, "hit": part.hit} for part in hit.snippet],
                "confidence": hit.confidence,
                "score": hit.score,
                "boxes": [list(box) for box in hit.boxes],
            }
            for hit in found.hits
        ],
        "pages": found.pages,
        "documents": found.documents,
        "facets": {
            name: [{"value": one.value, "name": one.name, "documents": one.documents} for one in values]
            for name, values in found.facets.items()
        },
        "suggestion": found.suggestion,
        "not_understood": list(found.not_understood),
        "problems": [{"text": one.text, "at": one.at, "why": one.why} for one in found.problems],
        "next": found.next,
    }
