"""Doubts about a scanned page, as sentences for the person who looks at it."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy

from docstore.reading.shapes import Doubt

NAMES: dict[str, object] = {
    Doubt.LOW_RESOLUTION: gettext_lazy("Low resolution"),
    Doubt.BLANK: gettext_lazy("Empty page"),
    Doubt.SKEWED: gettext_lazy("Crooked"),
    Doubt.TURNED: gettext_lazy("Turned"),
    Doubt.CLIPPED: gettext_lazy("Cut off at the edge"),
    Doubt.BLACK_BORDER: gettext_lazy("Black border"),
    Doubt.LOW_CONTRAST: gettext_lazy("Faint"),
    Doubt.TOO_DARK: gettext_lazy("Too dark"),
    Doubt.REPEATED: gettext_lazy("Scanned twice, or two sheets at once"),
    Doubt.ODD_SIZE: gettext_lazy("Another size than the first page"),
    Doubt.UNCLEAR: gettext_lazy("Hard to read"),
}


SENTENCES: dict[str, object] = {
    Doubt.LOW_RESOLUTION: gettext_lazy("It was scanned at %(n)s dots to the inch. Small print may not be legible."),
    Doubt.BLANK: gettext_lazy("There is next to nothing on it."),
    Doubt.SKEWED: gettext_lazy("It lies %(n)s degrees crooked."),
    Doubt.TURNED: gettext_lazy("Its lines stand turned by %(n)s degrees."),
    Doubt.CLIPPED: gettext_lazy("There is print right at the edge; some may be missing."),
    Doubt.BLACK_BORDER: gettext_lazy("One edge is black."),
    Doubt.LOW_CONTRAST: gettext_lazy("The print hardly differs from the paper."),
    Doubt.TOO_DARK: gettext_lazy("The paper came out dark."),
    Doubt.REPEATED: gettext_lazy(
        "It looks like page %(n)s. A sheet may have been fed twice, or two at once and one is missing."
    ),
    Doubt.ODD_SIZE: gettext_lazy("It is %(n)s mm wide, unlike the first page."),
    Doubt.UNCLEAR: gettext_lazy("The machine is sure of %(n)s per cent of its words."),
}


def names(found: Iterable[tuple[str, float]]) -> str:
    """Return what is in doubt, in few words."""
    return ", ".join(str(NAMES.get(doubt, doubt)) for doubt, _measured in found)


def sentence(doubt: str, measured: float) -> str:
    """Return one doubt with what was measured."""
    exact = doubt in (Doubt.SKEWED, Doubt.UNCLEAR)
    return str(SENTENCES.get(doubt, doubt)) % {"n": round(measured, 1) if exact else round(measured)}
