"""Search over pages."""

from typing import Any

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
            filters=_filters(given.get("filters", {})),
            facets=tuple(given.get("facets", ())),
            sort=given.get("sort", "relevance"),
            limit=given.get("limit", LIMIT),
            cursor=given.get("cursor"),
        )
        return Response(_shape(found))


def _filters(given: dict[str, Any]) -> queries.Filters:
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
        "next": found.next,
    }
