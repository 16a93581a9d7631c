"""Schedules, classes and their versions; holds."""

from http import HTTPStatus
from itertools import islice
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.access.queries import names
from docstore.api import inputs, records_answers, records_inputs, records_shapes
from docstore.api.views.common import View
from docstore.retention import holds, interchange, preview, queries, schedules
from docstore.retention.drafts import Draft, parse_steps
from docstore.retention.hold_models import Hold
from docstore.retention.vocabulary import AppliesTo

LISTED = 1000


class Csv(BaseParser):
    """A schedule as CSV, in UTF-8."""

    media_type = "text/csv"

    def parse(self, stream, media_type=None, parser_context=None):  # type: ignore[no-untyped-def] # as the parent has it
        return stream.read(interchange.LARGEST_BYTES + 1)


class Schedules(View):
    """Every schedule with its classes and their versions."""

    @extend_schema(responses=records_answers.Schedules)
    def get(self, request: Request) -> Response:
        rows = queries.schedules(self.actor)
        return Response(
            {
                "results": [
                    {
                        "code": one.code,
                        "title": one.title,
                        "content_sha256": interchange.schedule_hash(one),
                        "classes": [records_shapes.disposal_class(row) for row in one.classes.all()],
                    }
                    for one in rows
                ]
            }
        )


class ImportSchedule(View):
    """Take a schedule in, as drafts that a person approves one by one."""

    parser_classes = (Csv,)

    @extend_schema(
        parameters=[OpenApiParameter("schedule")],
        request={"text/csv": OpenApiTypes.STR},
        responses={201: records_answers.ScheduleImported},
    )
    def post(self, request: Request) -> Response:
        queries.check_writes_schedules(self.actor)
        content = request.data if isinstance(request.data, bytes) else b""
        taken = interchange.import_schedule(
            by=self.actor, content=content, schedule=request.query_params.get("schedule", "")
        )
        body = {
            "schedule": taken.schedule.code,
            "content_sha256": interchange.schedule_hash(taken.schedule),
            "classes": taken.classes,
            "versions": taken.versions,
            "descriptive": taken.descriptive,
            "holds": list(taken.holds),
        }
        return Response(body, status=HTTPStatus.CREATED)


class ExportSchedule(View):
    """A schedule in a form that another installation takes in with the same digests."""

    @extend_schema(responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, code: str) -> Response:
        exported = interchange.export_schedule(by=self.actor, code=code)
        return Response({"schedule": code, "content_sha256": exported.sha256, "csv": exported.csv})


class Classes(View):
    """Make a disposal class."""

    @extend_schema(request=records_inputs.NewClass, responses={201: records_answers.DisposalClass})
    def post(self, request: Request) -> Response:
        queries.check_writes_schedules(self.actor)
        given = inputs.checked(records_inputs.NewClass, request.data)
        row = schedules.define_class(by=self.actor, told=given.told())
        return Response(records_shapes.disposal_class(row), status=HTTPStatus.CREATED)


class ClassVersions(View):
    """Draft the next version of a class."""

    @extend_schema(request=records_inputs.NewClassVersion, responses={201: records_answers.ClassVersion})
    def post(self, request: Request, class_id: int) -> Response:
        queries.check_writes_schedules(self.actor)
        given = inputs.checked(records_inputs.NewClassVersion, request.data).validated_data
        draft = Draft(
            effective_from=given["effective_from"],
            applies_to=AppliesTo(given["applies_to"]),
            guard_days=given.get("guard_days"),
            steps=parse_steps(given["steps"]),
        )
        row = schedules.draft_version(by=self.actor, class_id=class_id, draft=draft)
        return Response(records_shapes.class_version(row), status=HTTPStatus.CREATED)


class PreviewVersion(View):
    """What a class version would change, counted and listed; nothing changes."""

    @extend_schema(request=None, responses=records_answers.Preview)
    def post(self, request: Request, version_id: int) -> Response:
        row = schedules.version_seen(self.actor, version_id)
        found = schedules.preview_version(by=self.actor, version_id=row.pk)
        body = {
            "total": found.total,
            "earlier": found.earlier,
            "later": found.later,
            "unknown": found.unknown,
            "permanent": found.effects[preview.Effect.PERMANENT],
            "becomes_due": found.becomes_due,
        }
        changed = (one for one in preview.moves(row) if one.effect is not preview.Effect.SAME or one.becomes_due)
        return Response({**body, "list": [records_shapes.moved(one) for one in islice(changed, LISTED)]})


class SubmitVersion(View):
    """Submit a draft for approval."""

    @extend_schema(request=None, responses=records_answers.ClassVersion)
    def post(self, request: Request, version_id: int) -> Response:
        return Response(records_shapes.class_version(schedules.submit_version(by=self.actor, version_id=version_id)))


class ApproveVersion(View):
    """Approve a version that somebody else wrote."""

    @extend_schema(request=None, responses=records_answers.ClassVersion)
    def post(self, request: Request, version_id: int) -> Response:
        return Response(records_shapes.class_version(schedules.approve_version(by=self.actor, version_id=version_id)))


class WithdrawVersion(View):
    """Withdraw a version that has not started."""

    @extend_schema(request=inputs.Reason, responses=records_answers.ClassVersion)
    def post(self, request: Request, version_id: int) -> Response:
        schedules.version_seen(self.actor, version_id)
        given = inputs.checked(inputs.Reason, request.data).validated_data
        row = schedules.withdraw_version(by=self.actor, version_id=version_id, reason=given["reason"])
        return Response(records_shapes.class_version(row))


class Holds(View):
    """The holds, and placing one."""

    @extend_schema(responses=records_answers.Holds)
    def get(self, request: Request) -> Response:
        rows = queries.holds(self.actor)
        people = names(records_shapes.people_of(rows))
        results = [records_shapes.hold(self.actor, one, members=holds.count_of(one), names=people) for one in rows]
        return Response({"results": results})

    @extend_schema(request=records_inputs.NewHold, responses={201: records_answers.Hold})
    def post(self, request: Request) -> Response:
        queries.check_places_holds(self.actor)
        given = inputs.checked(records_inputs.NewHold, request.data)
        placed = holds.place_hold(by=self.actor, told=given.told())
        body = self.shape(placed.hold)
        late = [str(one.id) for one in placed.in_destruction]
        return Response({**body, "in_destruction": late}, status=HTTPStatus.CREATED)

    def shape(self, row: Hold) -> dict[str, object]:
        people = names(records_shapes.people_of([row]))
        return records_shapes.hold(self.actor, row, members=holds.count_of(row), names=people)


class OneHold(Holds):
    """One hold, its members counted."""

    @extend_schema(operation_id="holds_retrieve_one", responses=records_answers.Hold)
    def get(self, request: Request, hold_id: UUID) -> Response:  # type: ignore[override] # the address names one
        return Response(self.shape(queries.hold_by_id(self.actor, hold_id)))

    http_method_names = ["get", "head", "options"]


class ReleaseHold(Holds):
    """Release a hold; query and system holds need a second person to do the same."""

    http_method_names = ["post", "options"]

    @extend_schema(request=inputs.Reason, responses=records_answers.Hold)
    def post(self, request: Request, hold_id: UUID) -> Response:  # type: ignore[override] # the address names one
        queries.hold_by_id(self.actor, hold_id)
        given = inputs.checked(inputs.Reason, request.data).validated_data
        row = holds.release_hold(by=self.actor, hold_id=hold_id, reason=given["reason"])
        return Response(self.shape(row))
