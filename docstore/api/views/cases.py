"""Cases, who is on them, and what may be opened."""

from http import HTTPStatus
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.access.queries import courts_of, person
from docstore.api import answers, inputs, shapes
from docstore.api.views.common import View, shape_case
from docstore.cases import actions, queries


class Me(View):
    """Who the key acts as."""

    @extend_schema(responses=answers.Me)
    def get(self, request: Request) -> Response:
        return Response(shapes.me(self.actor, courts_of(self.actor)))


class CaseTypes(View):
    """The kinds of case that the caller may open."""

    @extend_schema(responses=answers.CaseTypes)
    def get(self, request: Request) -> Response:
        return Response({"results": [shapes.case_type(one) for one in queries.case_types_for(self.scope)]})


class Cases(View):
    """Find cases, and open one."""

    @extend_schema(
        operation_id="cases_list",
        parameters=[
            OpenApiParameter("reference"),
            OpenApiParameter("court"),
            OpenApiParameter("cursor"),
            OpenApiParameter("limit", int),
        ],
        responses=answers.CasePage,
    )
    def get(self, request: Request) -> Response:
        scope, asked = self.scope, request.query_params
        found = queries.list_cases(
            scope,
            reference=asked.get("reference", ""),
            court=asked.get("court", ""),
            cursor=self.cursor,
            limit=self.limit(50),
        )
        return self.paged([shape_case(scope, one) for one in found.rows], found.next)

    @extend_schema(request=inputs.NewCase, responses={201: answers.Case})
    def post(self, request: Request) -> Response:
        given = inputs.checked(inputs.NewCase, request.data)
        case = actions.open_case(
            by=self.actor,
            title=given.validated_data["title"],
            court=given.validated_data["court"],
            case_type=given.validated_data["case_type"],
            references=given.typed_references(),
            classification=given.chosen_classification(),
        )
        scope = self.scope
        return Response(
            shape_case(scope, queries.get_case(scope, case.pk)),
            status=HTTPStatus.CREATED,
            headers={"Location": f"/api/v1/cases/{case.pk}"},
        )


class OneCase(View):
    """One case."""

    @extend_schema(responses=answers.Case)
    def get(self, request: Request, case_id: UUID) -> Response:
        scope = self.scope
        case = queries.get_case(scope, case_id)
        actions.record_case_view(by=self.actor, case=case)
        return Response(shape_case(scope, case))


class Members(View):
    """Put a person on a case."""

    @extend_schema(request=inputs.NewMember, responses={201: answers.Made})
    def post(self, request: Request, case_id: UUID) -> Response:
        given = inputs.checked(inputs.NewMember, request.data).validated_data
        queries.get_case(self.scope, case_id)
        member = actions.add_member(
            by=self.actor,
            case_id=case_id,
            person=person(given["person"]),
            role=given["role"],
            side=given.get("side"),
            from_on=given.get("from"),
            to_on=given.get("to"),
        )
        return Response({"id": str(member.pk)}, status=HTTPStatus.CREATED)


class Exclusions(View):
    """Bar a person from a case."""

    @extend_schema(request=inputs.NewExclusion, responses={201: answers.Made})
    def post(self, request: Request, case_id: UUID) -> Response:
        given = inputs.checked(inputs.NewExclusion, request.data).validated_data
        queries.get_case(self.scope, case_id)
        exclusion = actions.exclude_person(
            by=self.actor, case_id=case_id, person=person(given["person"]), reason=given["reason"]
        )
        return Response({"id": str(exclusion.pk)}, status=HTTPStatus.CREATED)
