"""An act of two people, each with a reason: the one step that a form names, done or shown again."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.core.errors import NotFound, Refusal
from docstore.web.forms.records import ReasonForm

Acts = Mapping[str, Callable[..., object]]


def take(request: HttpRequest, form: ReasonForm, acts: Acts, *, by: Actor, **about: Any) -> bool:
    """Whether the step was taken; if not, the form says why. Raises NotFound for a step that there is not."""
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise NotFound
    if not form.is_valid():
        return False
    try:
        act(by=by, reason=form.cleaned_data["reason"], **about)
    except Refusal as refusal:
        form.take(refusal)
        return False
    messages.success(request, _("Done. It is written down, with your reason."))
    return True
