"""What every request must be before anything else looks at it: an id for support, a sane length, our own origin for bytes."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from docstore.api.problems import MEDIA_TYPE, problem

_CONTENT = re.compile(r"/(content|image)$")


class RequestHygiene:
    """Give the request an id, and refuse two lengths at once (SEC-76) and bytes asked for by other sites (SEC-50)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.request_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        refused = _refused(request)
        response = self._get_response(request) if refused is None else refused
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


def _refused(request: HttpRequest) -> HttpResponse | None:
    if "HTTP_TRANSFER_ENCODING" in request.META and request.META.get("CONTENT_LENGTH"):
        return JsonResponse(problem(status=400), status=400, content_type=MEDIA_TYPE)
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and _CONTENT.search(request.path):
        return JsonResponse(problem(status=403), status=403, content_type=MEDIA_TYPE)
    return None
