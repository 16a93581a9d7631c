"""Which of their courts somebody is at work in: kept in their session, for lists and the header. It opens and closes nothing.

What a person may see is decided by their roles at all courts; this only says which part of it they want before them.
"""

from django.http import HttpRequest

from docstore.access.actor import Actor

KEPT = "court"


def chosen_court(request: HttpRequest, actor: Actor) -> str:
    """Return the code of the court that the person works in now, or nothing for all of theirs."""
    code = str(request.session.get(KEPT, ""))
    return code if len(actor.courts) > 1 and code in actor.courts else ""


def choose_court(request: HttpRequest, actor: Actor, code: str) -> None:
    """Keep the choice; what is none of their courts means all of them."""
    request.session[KEPT] = code if code in actor.courts else ""
