"""Template filters: how a plain value looks on a page.

Knows presentation only. None of them marks anything as safe; Django escapes what they return.
"""

import json
from datetime import date, datetime

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from docstore.documents.models import Document
from docstore.web import dates

register = template.Library()

KILO = 1024


@register.filter
def day(value: date | None) -> str:
    """Return "14 June 2026", or nothing for nothing."""
    return dates.day(value) if value else ""


@register.filter
def named_day(value: date | None) -> str:
    """Return "Sunday 14 June 2026"."""
    return dates.named_day(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Return "14 June 2026 at 2:01pm"."""
    return dates.moment(value) if value else ""


@register.filter
def time_of_day(value: datetime | None) -> str:
    """Return "2:01pm"."""
    return dates.time_of_day(value) if value else ""


@register.filter
def sitting(value: datetime | None) -> str:
    """Return "Today, 10am" or "24 November 2026, 10am"."""
    return dates.sitting(value) if value else ""


@register.filter
def filed(value: datetime | None) -> str:
    """Return "9:31am today" or "14 June 2026 at 2:01pm"."""
    return dates.filed(value) if value else ""


@register.filter
def size(value: int) -> str:
    """Return a number of bytes as "812 kB" or "4.1 MB"."""
    if value < KILO:
        return ngettext("%(count)s byte", "%(count)s bytes", value) % {"count": value}
    if value < KILO * KILO:
        return f"{value / KILO:.0f} kB"
    if value < KILO**3:
        return f"{value / KILO / KILO:.1f} MB"
    return f"{value / KILO**3:.1f} GB"


@register.filter
def fingerprint(value: str) -> str:
    """Return the ends of a checksum in groups of four, long enough to compare by eye."""
    return f"{value[:4]} {value[4:8]} {value[8:12]} … {value[-8:-4]} {value[-4:]}"


@register.filter
def with_class(field: BoundField, classes: str) -> SafeString:
    """Return the field's own widget with the classes of the design system, in red where it has errors."""
    if field.errors:
        classes = f"{classes} {classes.split(maxsplit=1)[0]}--error"
    return field.as_widget(attrs={"class": classes})


@register.filter
def tongue(document: Document) -> str:
    """Return the language of a document's title, which stays as it was filed in whatever language the page is."""
    return "cy" if document.language.startswith("cy") else "en"


@register.filter
def as_json(value: object) -> str:
    """Data for a script of ours, in an attribute: escaped there like every text."""
    return json.dumps(value, cls=DjangoJSONEncoder)
