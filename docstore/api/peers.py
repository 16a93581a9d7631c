"""Who is at the other end of the line. What a proxy says of it counts only where it comes from that proxy (SEC-67)."""

from django.http import HttpRequest
from rest_framework.request import Request

from docstore.access.networks import is_within
from docstore.core import conf

CERTIFICATE = "X-Client-Certificate-SHA256"


def address_of(request: Request | HttpRequest) -> str:
    """Return the client's address: the last one that a proxy of ours has seen, or the peer itself."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    told = request.headers.get("X-Forwarded-For", "")
    if not told or not _is_proxy(peer):
        return peer
    return told.rpartition(",")[2].strip()


def certificate_of(request: Request | HttpRequest) -> str:
    """Return the SHA-256 of the client certificate that our proxy has checked; empty where there is none."""
    if not _is_proxy(str(request.META.get("REMOTE_ADDR", ""))):
        return ""
    return request.headers.get(CERTIFICATE, "").replace(":", "").strip().lower()


def _is_proxy(peer: str) -> bool:
    return is_within(peer, conf.get().proxies)
