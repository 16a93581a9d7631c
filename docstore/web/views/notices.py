"""What stands above every page, for a page that stays open and asks again by itself (DOM-7.4)."""

from django.http import HttpRequest, JsonResponse

from docstore.access.actor import Actor
from docstore.web.frame import notices_for
from docstore.web.views.door import page


@page("GET")
def tell_notices(request: HttpRequest, actor: Actor) -> JsonResponse:
    """The notices that this person would read on a page opened now."""
    return JsonResponse({"notices": notices_for(request, actor)}, headers={"Cache-Control": "no-store"})
