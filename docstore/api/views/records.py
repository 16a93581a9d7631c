"""Retention of cases and documents: closing, triggers, classes, and what becomes of a record."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.access.queries import names
from docstore.api import answers, inputs, records_answers, records_inputs, records_shapes
from docstore.api.views.common import View, shape_case
from docstore.cases import queries as cases
from docstore.core.errors import FieldError, Invalid
from docstore.retention import actions, queries
from docstore.retention.models import Trigger
from docstore.retention.periods import DateNotUnderstood, latest_day
from docstore.retention.vocabulary import Record, RecordKind, Source


class AsOfUnknown(Invalid):
    """The day in as_of is not understood. Write it as 2026-05-31."""

    code = "as-of-unknown"


class Close(View):
    """Close a case: its retention clock starts."""

    @extend_schema(request=records_inputs.Closing, responses=answers.Case)
    def post(self, request: Request, case_id: UUID) -> Response:
        cases.get_case(self.scope, case_id)
        given = inputs.checked(records_inputs.Closing, request.data).validated_data
        actions.close_case(
            by=self.actor,
            case_id=case_id,
            closed_on=given["closed_on"],
            outcome=given["outcome"],
            reason=given["reason"],
            confirmed=tuple(given.get("confirm", ())),
        )
        scope = self.scope
        return Response(shape_case(scope, cases.get_case(scope, case_id)))


class Reopen(View):
    """Open a closed case again: its clocks stop."""

    @extend_schema(request=inputs.Reason, responses=answers.Case)
    def post(self, request: Request, case_id: UUID) -> Response:
        cases.get_case(self.scope, case_id)
        given = inputs.checked(inputs.Reason, request.data).validated_data
        actions.reopen_case(by=self.actor, case_id=case_id, reason=given["reason"])
        scope = self.scope
        return Response(shape_case(scope, cases.get_case(scope, case_id)))


class RecordView(View):
    """A view about one case or document, whichever the address names."""

    @staticmethod
    def record(case_id: UUID | None, document_id: UUID | None) -> Record:
        kind = RecordKind.CASE if case_id else RecordKind.DOCUMENT
        return Record(kind, case_id or document_id or UUID(int=0))


class Triggers(RecordView):
    """What starts and has started the clock of a case or document."""

    @extend_schema(responses=records_answers.Triggers)
    def get(self, request: Request, case_id: UUID | None = None, document_id: UUID | None = None) -> Response:
        rows = queries.triggers_of(self.actor, self.record(case_id, document_id))
        people = _names(rows)
        return Response({"results": [records_shapes.trigger(one, people) for one in rows]})

    @extend_schema(request=records_inputs.NewTrigger, responses={201: records_answers.Trigger})
    def post(self, request: Request, case_id: UUID | None = None, document_id: UUID | None = None) -> Response:
        record = self.record(case_id, document_id)
        queries.check_seen(self.actor, record)
        given = inputs.checked(records_inputs.NewTrigger, request.data).validated_data
        row = actions.record_trigger(by=self.actor, record=record, **_trigger(given))
        return Response(records_shapes.trigger(row, _names([row])), status=HTTPStatus.CREATED)


class VoidTrigger(View):
    """Void a wrong or duplicate trigger."""

    @extend_schema(request=inputs.Reason, responses=records_answers.Trigger)
    def post(self, request: Request, trigger_id: int) -> Response:
        queries.check_trigger_seen(self.actor, trigger_id)
        given = inputs.checked(inputs.Reason, request.data).validated_data
        row = actions.void_trigger(by=self.actor, trigger_id=trigger_id, reason=given["reason"])
        return Response(records_shapes.trigger(row, _names([row])))


class Retention(RecordView):
    """How long a record is kept and why; and giving it a class."""

    @extend_schema(parameters=[OpenApiParameter("as_of")], responses=records_answers.Retention)
    def get(self, request: Request, case_id: UUID | None = None, document_id: UUID | None = None) -> Response:
        record = self.record(case_id, document_id)
        queries.check_seen(self.actor, record)
        return self._answer(record, request.query_params.get("as_of", ""))

    @extend_schema(request=records_inputs.Assigning, responses=records_answers.Retention)
    def post(self, request: Request, case_id: UUID | None = None, document_id: UUID | None = None) -> Response:
        record = self.record(case_id, document_id)
        queries.check_seen(self.actor, record)
        given = inputs.checked(records_inputs.Assigning, request.data).validated_data
        actions.assign_class(by=self.actor, record=record, code=given["class"], reason=given["reason"])
        return self._answer(record, "")

    def _answer(self, record: Record, as_of: str) -> Response:
        found = queries.seen_evaluation(self.actor, record, _day(as_of))
        return Response(records_shapes.retention(self.actor, found, queries.lifecycle_of(record, found)))


def _names(rows: Iterable[Trigger]) -> dict[UUID, str]:
    return names({one.recorded_by for one in rows if one.recorded_by})


def _trigger(given: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in given.items() if name != "confirm"}
    return {**told, "source": Source(given["source"]), "confirmed": tuple(given.get("confirm", ()))}


def _day(text: str) -> Any:
    if not text:
        return None
    try:
        return latest_day(text)
    except DateNotUnderstood as error:
        raise AsOfUnknown(errors=(FieldError("/as_of", "as-of-unknown", error.sentence),)) from error
