"""Names of people, made comparable: letters without accents and case, words apart by one blank."""

import unicodedata


def plain(name: str) -> str:
    """Return a name as it is compared: "  Ann  ÁSH " and "Ann Ash" are the same person for a hold."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).split())
