"""What every view for scanning stations shares, and what a station may know of itself."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.access.models import ServiceKey
from docstore.api import batch_answers, batch_shapes, inputs
from docstore.api.rates import StationRate
from docstore.api.views.common import View
from docstore.core.errors import Refusal
from docstore.intake import feed, stations
from docstore.intake.actions import Claim

LONGEST_KEY = 100


class KeyNeeded(Refusal):
    """Add an Idempotency-Key: a name of your own for this request, new for each and the same for every retry."""

    code = "idempotency-key-missing"
    status = 400


class StationView(View):
    """A view for stations: limited in how often it may be asked, and saying how much is left."""

    throttle_classes = (StationRate,)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        for name, value in StationRate.told(request).items():
            answer[name] = value
        return answer

    @property
    def idempotency_key(self) -> str:
        """The key that a retry bears too; raise KeyNeeded where it is missing or no key."""
        key = self.request.headers.get("Idempotency-Key", "")
        if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
            raise KeyNeeded
        return key


class Me(StationView):
    """What a station needs to know before it sends anything."""

    @extend_schema(responses=batch_answers.StationShape)
    def get(self, request: Request) -> Response:
        station = stations.own_station(self.actor)
        key = request.auth if isinstance(request.auth, ServiceKey) else None
        return Response(batch_shapes.station(station, key, told=_told_time(request)))


class Heartbeat(StationView):
    """A station says that it is alive."""

    @extend_schema(request=inputs.HeartbeatInput, responses={204: None})
    def post(self, request: Request) -> Response:
        stations.own_station(self.actor)
        given = inputs.checked(inputs.HeartbeatInput, request.data).validated_data
        beat = stations.Beat(
            agent_version=given.get("agent_version", ""),
            queue_depth=given.get("queue_depth"),
            free_bytes=given.get("free_bytes"),
            last_error=given.get("last_error") or "",
        )
        stations.hear_from(by=self.actor, beat=beat)
        return Response(status=HTTPStatus.NO_CONTENT)


class Events(StationView):
    """What happened to the station's batches, in order and at least once."""

    @extend_schema(
        parameters=[OpenApiParameter("cursor"), OpenApiParameter("limit", int)], responses=batch_answers.EventPage
    )
    def get(self, request: Request) -> Response:
        found = feed.read_events(by=self.actor, cursor=self.cursor, limit=self.limit(100))
        response = Response({"results": [batch_shapes.event(one) for one in found.rows], "next": found.next})
        response["Link"] = f'</api/v1/events?cursor={found.next}>; rel="next"'
        return response


def replayed(claim: Claim) -> bool:
    """Whether a request with this key was answered before."""
    return claim.answer is not None


def _told_time(request: Request) -> datetime | None:
    """The time that the station says it is."""
    try:
        told = parsedate_to_datetime(request.headers.get("Date", ""))
    except ValueError:
        return None
    return told if told.tzinfo else None
