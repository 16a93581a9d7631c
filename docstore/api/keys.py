"""The public keys under which receipts, certificates and checkpoints verify. Public: a verifier needs no account."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from docstore.core import signing

MEDIA_TYPE = "application/jwk-set+json"


@require_safe
def publish(request: HttpRequest) -> HttpResponse:
    """Answer the JWK set, past keys included. It changes rarely, so everybody may keep it for an hour."""
    response = JsonResponse(dict(signing.public_keys()), content_type=MEDIA_TYPE)
    response["Cache-Control"] = "public, max-age=3600"
    return response
