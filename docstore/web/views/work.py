"""The work board: what waits, what stopped, what was hard to read."""

from collections.abc import Mapping
from datetime import date

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.intake import queries, work
from docstore.web import dates
from docstore.web.charts import Chart, chart
from docstore.web.views.door import page
from docstore.web.views.intake import WORDS


@page("GET")
def show_work(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The queue, two weeks of filing and reading as pictures, and the pages that somebody should look at."""
    scope = Scope.of(actor)
    today = clock.today()
    board = work.board(scope, today=today)
    context = {
        "waiting": [{"what": WORDS.get(one.name, one.name), "row": one} for one in board.waiting],
        "in_all": sum(one.count for one in board.waiting),
        "parked": len(queries.parked(scope)),
        "charts": [
            _chart(_("Documents filed, by day"), board.filed),
            _chart(_("Pages read, by day"), board.finished),
        ],
        "lists": [
            {"id": "failed", "title": _("Pages that could not be read"), "pages": _pages(board.failed)},
            {"id": "unclear", "title": _("Pages that were hard to read"), "pages": _pages(board.unclear)},
        ],
        "days": work.DAYS,
        "below": round(work.UNCLEAR_BELOW),
    }
    return render(request, "docstore/work.html", context)


def _chart(title: str, figures: Mapping[date, int]) -> Chart:
    return chart(title, [(str(day.day), dates.day(day), count) for day, count in figures.items()])


def _pages(rows: tuple[work.HardPage, ...]) -> list[dict[str, object]]:
    return [
        {
            "title": one.document.title,
            "number": one.number,
            "said": one.reason
            or _("Read with %(confidence)d%% certainty.") % {"confidence": round(one.confidence or 0)},
            "url": reverse("page", kwargs={"document_id": one.document.pk, "number": one.number}),
            "picture": reverse("thumbnail", kwargs={"document_id": one.document.pk, "number": one.number})
            if one.has_picture
            else "",
        }
        for one in rows
    ]
