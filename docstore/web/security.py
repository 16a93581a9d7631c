"""Headers that every answer carries: what a page may load, who may embed it, what a browser may keep.

Knows HTTP only. Outermost of the middleware, so that refusals and crashes carry the same headers as pages. It never
loosens what an answer already says of itself: the bytes of a document bring a stricter policy of their own.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase

REPORTS_PATH = "/csp-reports/"

# No inline script or style, nothing from elsewhere, no frames. 'data:' is for icons inside the style sheet alone.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        f"report-uri {REPORTS_PATH}",
        "report-to pages",
    )
)

EVERY_ANSWER = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Reporting-Endpoints": f'pages="{REPORTS_PATH}"',
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Addresses hold ids only, yet even those are nobody else's business.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

YEAR = 31_536_000


class SecurityHeaders:
    """Put the headers of SEC-48, SEC-70 and SEC-71 on every answer that has none of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, then add what is missing."""
        if request.method == "TRACE":
            return self._finish(request, HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED))
        return self._finish(request, self.get_response(request))

    def _finish(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        for name, value in EVERY_ANSWER.items():
            response.headers.setdefault(name, value)
        if request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
        # Everything that Django answers may be about a case; styles and scripts are answered before it (WhiteNoise)
        # or say themselves how long they may be kept.
        response.headers.setdefault("Cache-Control", "no-store")
        return response
