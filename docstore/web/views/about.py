"""Pages that hold for everybody: help, the accessibility statement, what is not there, and reports of browsers."""

import json
import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from docstore.intake.problems import problems
from docstore.web import refusals

log = logging.getLogger(__name__)

REPORT_BYTES = 16_384
# Only these members of a report are written down: the others can hold addresses with what somebody looked at.
REPORTED = (
    "effective-directive",
    "effectiveDirective",
    "violated-directive",
    "blocked-uri",
    "blockedURL",
    "disposition",
)


@require_safe
def give_help(request: HttpRequest) -> HttpResponse:
    """How to search, which keys there are, whom to ask."""
    return render(request, "docstore/help.html")


@require_safe
def state_accessibility(request: HttpRequest) -> HttpResponse:
    """How far the pages meet WCAG 2.2 AA."""
    return render(request, "docstore/accessibility.html")


@require_safe
def explain_problem(request: HttpRequest, code: str) -> HttpResponse:
    """What a code means that a program was told: the page behind the `type` of a problem (RFC 9457)."""
    found = problems().get(code)
    if found is None:
        return refusals.not_found(request)
    sentences = [gettext(one) for one in found.sentences]
    return render(
        request,
        "docstore/problem.html",
        {"problem": found, "sentences": sentences, "has_facts": any("{" in one for one in sentences)},
    )


def find_nothing(request: HttpRequest, **_: str) -> HttpResponse:
    """Answer every address that leads nowhere, as what is hidden is answered."""
    return refusals.not_found(request)


@csrf_exempt
@require_POST
def take_report(request: HttpRequest) -> HttpResponse:
    """Log that a browser refused something under the content policy. Browsers send these without a token."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > REPORT_BYTES:
        return HttpResponse(status=413)
    try:
        sent = json.loads(request.read(REPORT_BYTES) or b"null")
    except ValueError:
        return HttpResponse(status=400)
    for report in sent if isinstance(sent, list) else [sent]:
        body = report.get("csp-report") or report.get("body") if isinstance(report, dict) else None
        if isinstance(body, dict):
            facts = {name: str(body[name])[:200] for name in REPORTED if name in body}
            log.warning("content policy report: %s", json.dumps(facts))
    return HttpResponse(status=204)
