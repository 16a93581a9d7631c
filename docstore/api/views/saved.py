"""Saved searches: a person's own, and what is new in them."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.api import answers, inputs, shapes
from docstore.api.views.common import View, shape_documents
from docstore.api.views.search import filters_of
from docstore.search import actions, queries
from docstore.search.queries import Saved
from docstore.search.saved import packed


class SavedSearches(View):
    """What the caller keeps, and keeping another."""

    @extend_schema(operation_id="saved_searches_list", responses=answers.SavedSearches)
    def get(self, request: Request) -> Response:
        return Response({"results": [_shape(one) for one in queries.saved_searches(self.actor)]})

    @extend_schema(request=inputs.NewSavedSearch, responses={HTTPStatus.CREATED: answers.SavedSearch})
    def post(self, request: Request) -> Response:
        given = inputs.checked(inputs.NewSavedSearch, request.data).validated_data
        kept = actions.save_search(
            by=self.actor,
            name=given["name"],
            query=given["query"],
            filters=filters_of(given.get("filters", {})),
            sort=given.get("sort", "relevance"),
            watched=given.get("watched", False),
        )
        return Response(_shape(queries.saved_search(self.actor, kept.pk)), status=HTTPStatus.CREATED)


class OneSavedSearch(View):
    """One saved search, as its owner alone sees it."""

    @extend_schema(responses=answers.SavedSearch)
    def get(self, request: Request, search_id: UUID) -> Response:
        return Response(_shape(queries.saved_search(self.actor, search_id)))

    @extend_schema(responses={HTTPStatus.NO_CONTENT: None})
    def delete(self, request: Request, search_id: UUID) -> Response:
        actions.delete_search(by=self.actor, search_id=search_id)
        return Response(status=HTTPStatus.NO_CONTENT)


class Watch(View):
    """Begin or end telling what is new."""

    @extend_schema(request=inputs.Watching, responses=answers.SavedSearch)
    def post(self, request: Request, search_id: UUID) -> Response:
        given = inputs.checked(inputs.Watching, request.data).validated_data
        actions.watch_search(by=self.actor, search_id=search_id, watched=given["watched"])
        return Response(_shape(queries.saved_search(self.actor, search_id)))


class Alerts(View):
    """What is new in a watched search."""

    @extend_schema(responses=answers.DocumentPage)
    def get(self, request: Request, search_id: UUID) -> Response:
        found = queries.alerts(self.actor, search_id, cursor=self.cursor)
        rows = shape_documents(self.scope, [one.document for one in found.rows])
        return Response({"results": rows, "next": found.next})


class AlertsSeen(View):
    """Say that what is new has been looked at."""

    @extend_schema(request=inputs.Nothing, responses=answers.Seen)
    def post(self, request: Request, search_id: UUID) -> Response:
        inputs.checked(inputs.Nothing, request.data)
        return Response({"alerts": actions.mark_alerts_seen(by=self.actor, search_id=search_id)})


def _shape(saved: Saved) -> dict[str, Any]:
    row = saved.row
    return {
        "id": str(row.pk),
        "name": row.name,
        "query": row.query,
        "filters": packed(saved.filters),
        "sort": row.sort,
        "watched": row.watched,
        "new": saved.new,
        "created_at": shapes.moment(row.created_at),
    }
