"""Which fonts an office document is laid out with: a fixed set, so that its pages break alike on every worker (ADR 10).

The page of a converted document is what people cite and what a search hit names. It must not depend on what happens to be
installed on the machine that did the conversion.
"""

from enum import StrEnum
from xml.sax.saxutils import escape

FOLDER = "/usr/share/fonts"
# What scripts other than Latin need; none of it takes part in breaking lines of Latin text.
OTHER_SCRIPTS = ("opentype/noto", "truetype/libreoffice")


class FontSet(StrEnum):
    """The sets to choose from. All documents of a court are laid out with one of them."""

    PLAIN = "plain"
    METRIC = "metric"


FAMILIES: dict[FontSet, tuple[str, ...]] = {
    FontSet.PLAIN: ("truetype/dejavu",),
    FontSet.METRIC: ("truetype/liberation", "truetype/liberation2", "truetype/crosextra", "truetype/dejavu"),
}


def as_fontconfig(chosen: FontSet) -> str:
    """Return the configuration that shows a program these fonts and no others."""
    places = [f"{FOLDER}/{name}" for name in (*FAMILIES[chosen], *OTHER_SCRIPTS)]
    shown = "".join(f"<dir>{escape(place)}</dir>" for place in places)
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'{shown}<include ignore_missing="yes">/etc/fonts/conf.d</include><cachedir>/tmp/fonts</cachedir></fontconfig>'
    )
