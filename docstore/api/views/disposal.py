"""Disposal lists, their certificates, and what remains of the destroyed."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.access.queries import names
from docstore.api import disposal_answers, disposal_inputs, disposal_shapes, inputs
from docstore.api.views.common import View
from docstore.core.paging import page
from docstore.retention import approvals, certificates, decisions, execution, lists, off_schedule, stubs
from docstore.retention.disposal_models import DisposalList, Ground

PAGE = 100


class ListView(View):
    """A view about one list."""

    def shown(self, list_id: UUID, *, status: int = HTTPStatus.OK) -> Response:
        made = lists.get_list(self.actor, list_id)
        return Response(disposal_shapes.disposal_list(made, _people(made)), status=status)


class DisposalLists(ListView):
    """Every list, and a new one from what is due."""

    @extend_schema(
        operation_id="disposal_lists_list",
        parameters=[OpenApiParameter("cursor")],
        responses=disposal_answers.DisposalLists,
    )
    def get(self, request: Request) -> Response:
        rows = lists.lists_of(self.actor).select_related("court")
        found = page(rows, keys=("-made_at", "id"), cursor=self.cursor, limit=PAGE)
        told = [disposal_shapes.disposal_list(one, _people(one)) for one in found.rows]
        return Response({"results": told, "next": found.next})

    @extend_schema(request=disposal_inputs.NewList, responses={201: disposal_answers.DisposalList})
    def post(self, request: Request) -> Response:
        lists.check_makes_lists(self.actor)
        given = inputs.checked(disposal_inputs.NewList, request.data).validated_data
        made = lists.make_list(
            by=self.actor,
            court=given.get("court", ""),
            classes=given.get("classes", ()),
            planned_on=given.get("planned_on"),
        )
        return self.shown(made.pk, status=HTTPStatus.CREATED)


class OneList(ListView):
    """One list."""

    @extend_schema(responses=disposal_answers.DisposalList)
    def get(self, request: Request, list_id: UUID) -> Response:
        return self.shown(list_id)


class Items(View):
    """What is on a list, in its order."""

    @extend_schema(parameters=[OpenApiParameter("cursor")], responses=disposal_answers.DisposalItems)
    def get(self, request: Request, list_id: UUID) -> Response:
        made = lists.get_list(self.actor, list_id)
        found = page(made.items.all(), keys=("place",), cursor=self.cursor, limit=PAGE)
        return Response({"results": [disposal_shapes.item(one) for one in found.rows], "next": found.next})


class Decide(View):
    """Say what becomes of items, by their ids or by a filter over the frozen list."""

    @extend_schema(request=disposal_inputs.Deciding, responses=disposal_answers.Decided)
    def post(self, request: Request, list_id: UUID) -> Response:
        lists.get_list(self.actor, list_id)
        given = inputs.checked(disposal_inputs.Deciding, request.data)
        count = decisions.decide(
            by=self.actor,
            list_id=list_id,
            said=given.said(),
            items=given.validated_data.get("items", ()),
            filters=given.validated_data.get("filter"),
            expected=given.validated_data.get("count"),
        )
        return Response({"decided": count})


class Submit(ListView):
    """Hand a decided list over for approval."""

    @extend_schema(request=inputs.Nothing, responses=disposal_answers.DisposalList)
    def post(self, request: Request, list_id: UUID) -> Response:
        lists.submit(by=self.actor, list_id=list_id)
        return self.shown(list_id)


class Approve(ListView):
    """Approve one stage; the last one starts the cooling-off."""

    @extend_schema(request=disposal_inputs.Approving, responses=disposal_answers.DisposalList)
    def post(self, request: Request, list_id: UUID) -> Response:
        lists.get_list(self.actor, list_id)
        given = inputs.checked(disposal_inputs.Approving, request.data).validated_data
        approvals.approve(
            by=self.actor,
            list_id=list_id,
            stage=given["stage"],
            confirm=given["confirm"],
            comment=given.get("comment", ""),
        )
        return self.shown(list_id)


class Reject(ListView):
    """Send a list back to those who made it."""

    @extend_schema(request=inputs.Reason, responses=disposal_answers.DisposalList)
    def post(self, request: Request, list_id: UUID) -> Response:
        lists.get_list(self.actor, list_id)
        reason = inputs.checked(inputs.Reason, request.data).validated_data["reason"]
        approvals.reject(by=self.actor, list_id=list_id, reason=reason)
        return self.shown(list_id)


class Cancel(ListView):
    """Take a list back before it is carried out."""

    @extend_schema(request=disposal_inputs.MaybeReason, responses=disposal_answers.DisposalList)
    def post(self, request: Request, list_id: UUID) -> Response:
        lists.get_list(self.actor, list_id)
        reason = _reason(request)
        lists.cancel(by=self.actor, list_id=list_id, reason=reason)
        return self.shown(list_id)


class DryRun(View):
    """What carrying the list out would remove, copy by copy; nothing is touched."""

    @extend_schema(request=inputs.Nothing, responses=disposal_answers.DisposalPlan)
    def post(self, request: Request, list_id: UUID) -> Response:
        return Response(disposal_shapes.plan(execution.dry_run(by=self.actor, list_id=list_id)))


class CarryOut(View):
    """Have a worker carry the list out, or go on after a stop."""

    @extend_schema(request=inputs.Nothing, responses={202: disposal_answers.DisposalPlan})
    def post(self, request: Request, list_id: UUID) -> Response:
        plans = execution.carry_out(by=self.actor, list_id=list_id)
        return Response(disposal_shapes.plan(plans), status=HTTPStatus.ACCEPTED)


class Stop(ListView):
    """Stop a list that is being carried out."""

    @extend_schema(request=disposal_inputs.MaybeReason, responses=disposal_answers.DisposalList)
    def post(self, request: Request, list_id: UUID) -> Response:
        lists.get_list(self.actor, list_id)
        execution.stop(by=self.actor, list_id=list_id, reason=_reason(request))
        return self.shown(list_id)


class ListCertificate(View):
    """The signed certificate of a list."""

    @extend_schema(responses=disposal_answers.EnvelopeAnswer)
    def get(self, request: Request, list_id: UUID) -> Response:
        made = lists.get_list(self.actor, list_id)
        return Response(certificates.certificate_of(self.actor, made).envelope)


class OneCertificate(View):
    """A certificate by its number."""

    @extend_schema(responses=disposal_answers.EnvelopeAnswer)
    def get(self, request: Request, certificate: str) -> Response:
        return Response(certificates.certificate_by_number(self.actor, certificate).envelope)


class CertificatePdf(View):
    """A certificate as a page to print."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, certificate: str) -> HttpResponse:
        issued = certificates.certificate_by_number(self.actor, certificate)
        response = HttpResponse(certificates.pdf_of(issued), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="certificate-{issued.number}.pdf"'
        return response


class Stubs(View):
    """Why something is not held."""

    @extend_schema(parameters=[OpenApiParameter("reference")], responses=disposal_answers.Stubs)
    def get(self, request: Request) -> Response:
        rows = stubs.find(self.actor, request.query_params.get("reference", ""))
        digests = stubs.digests_of(rows)
        return Response({"results": [disposal_shapes.stub(one, digests) for one in rows]})


class OffSchedule(ListView):
    """Ask for one record to be destroyed outside its schedule; it is hidden at once, and somebody else approves."""

    @extend_schema(request=disposal_inputs.OffSchedule, responses={201: disposal_answers.DisposalList})
    def post(self, request: Request) -> Response:
        off_schedule.check_asks(self.actor)
        given = inputs.checked(disposal_inputs.OffSchedule, request.data).validated_data
        made = off_schedule.ask(
            by=self.actor,
            kind=given["kind"],
            record_id=given["record"],
            ground=Ground(given["ground"]),
            reason=given["reason"],
        )
        return self.shown(made.pk, status=HTTPStatus.CREATED)


def _reason(request: Request) -> str:
    given: dict[str, Any] = inputs.checked(disposal_inputs.MaybeReason, request.data).validated_data
    return str(given.get("reason", ""))


def _people(made: DisposalList) -> dict[UUID, str]:
    approvers = made.approvals.values_list("approver", flat=True)
    return names({one for one in (made.made_by, *approvers) if one})
