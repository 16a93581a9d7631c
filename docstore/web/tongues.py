"""Which of the two languages a stretch of text is in, so that a screen reader takes the right voice (WCAG 3.1.2).

A heading or a name has too few little words to tell: it is left in the language of what stands around it.
"""

from docstore.reading.tongues import tally

WELSH, ENGLISH = "cy", "en"
LEAST = 3
MORE = 2


def language_of(text: str, *, otherwise: str = "") -> str:
    """Return "cy" or "en" where the little words leave no doubt, else `otherwise`."""
    english, welsh = tally(text)
    if welsh >= LEAST and welsh >= MORE * english:
        return WELSH
    if english >= LEAST and english >= MORE * welsh:
        return ENGLISH
    return otherwise
