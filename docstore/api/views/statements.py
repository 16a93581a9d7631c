"""What a station says it sent, and what the court found (DOM-1.17)."""

import json
import re
from datetime import date
from http import HTTPStatus
from typing import Any, cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.access.key_scopes import KeyScope
from docstore.api import batch_answers
from docstore.api.shapes import moment
from docstore.api.views.stations import StationView
from docstore.core.errors import NotFound
from docstore.intake import statements
from docstore.intake.stations import own_station

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Statements(StationView):
    """Say what was sent on a day."""

    @extend_schema(
        operation_id="statements_post", request=OpenApiTypes.OBJECT, responses={202: batch_answers.StatementShape}
    )
    def post(self, request: Request) -> Response:
        own_station(self.actor, KeyScope.STATEMENT_WRITE)
        kept = statements.post_statement(by=self.actor, body=cast(dict[str, Any], request.data))
        body = {"id": str(kept.pk), "day": str(kept.day), "late": kept.is_late, "received_at": moment(kept.received_at)}
        return Response(body, status=HTTPStatus.ACCEPTED)


class Reconciliations(StationView):
    """The differences between what was stated for a day and what came."""

    @extend_schema(operation_id="reconciliations_read", responses=batch_answers.ReconciliationShape)
    def get(self, request: Request, day: str) -> Response:
        found = statements.reconciliation_of(by=self.actor, day=_day(day))
        rows = json.loads(found.rows)
        return Response({"day": str(found.day), "made_at": moment(found.made_at), "differences": rows})


def _day(text: str) -> date:
    """The day in an address; one that no calendar has is not found."""
    try:
        return date(*(int(part) for part in text.split("-"))) if _DAY.fullmatch(text) else _none()
    except ValueError:
        return _none()


def _none() -> date:
    raise NotFound
