"""Figures for a program that watches over the service, in the text form that such programs read (Prometheus 0.0.4)."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from docstore.api.views.common import View
from docstore.intake.measures import Measure, measure


class PlainText(BaseRenderer):
    """Lines as they are; a refusal stays a problem document."""

    media_type = "text/plain"
    format = "txt"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return data.encode() if isinstance(data, str) else JSONRenderer().render(data)


class Metrics(View):
    """How much waits, what stopped and what takes too long."""

    renderer_classes = (PlainText, JSONRenderer)

    @extend_schema(operation_id="metrics", responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request) -> Response:
        del request
        lines = [line for one in measure(self.actor) for line in _lines(one)]
        return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _lines(one: Measure) -> Iterator[str]:
    name = f"docstore_{one.name}"
    yield f"# HELP {name} {one.means}"
    yield f"# TYPE {name} gauge"
    for value, count in one.values:
        yield f'{name}{{{one.label}="{value}"}} {count:g}' if one.label else f"{name} {count:g}"
