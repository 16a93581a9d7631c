"""The filing page as plain values: each draft with where its values come from, and what is asked about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from docstore.cases.models import Case
from docstore.cases.scope import Scope
from docstore.documents.models import Document, Stage
from docstore.documents.names import shown as shown_name
from docstore.intake.draft_models import Draft
from docstore.intake.drafts import FROM_ABOVE, SUGGESTED
from docstore.intake.wrong_case import CODE, main_number
from docstore.web import words

HINTS = {
    SUGGESTED: gettext_lazy("Suggested by its text. Check it"),
    FROM_ABOVE: gettext_lazy("Same as the file above"),
}
PLAIN = {
    "title": gettext_lazy("Taken from the file name"),
    "section": gettext_lazy("Where it stands in the case file"),
    "dated": gettext_lazy("As on the paper, like 14 6 2026"),
    "received": gettext_lazy("If it came before today"),
    "type": gettext_lazy("Such as statement or order"),
    "party": gettext_lazy("Whom it concerns, if one alone"),
    "classification": gettext_lazy("As the case is kept"),
}
YES = {
    "already-filed": gettext_lazy("File it a second time"),
    "active-content": gettext_lazy("File it. Its pages are shown as pictures and its scripts never run here"),
}


# What a person confirms where a file is sent again, as a new version of a document.
DOUBTS = YES | {CODE: gettext_lazy("File it here. I have read it and it belongs to this case")}


@dataclass(frozen=True, slots=True)
class Value:
    """A field of a draft: what stands in it, where that came from, and what is wrong with it."""

    value: str
    hint: str
    origin: str
    error: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a number, and whether it differs from the other number."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that a person can give."""

    value: str
    text: str
    checked: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What a person must settle about a file before it is filed."""

    code: str
    reason: str
    choices: tuple[Choice, ...]
    error: str
    on_paper: tuple[Piece, ...] = ()
    of_case: tuple[Piece, ...] = ()
    page: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A file on the filing page."""

    key: str
    number: int
    name: str
    fields: Mapping[str, Value]
    questions: tuple[Question, ...]
    note: str
    state: str
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """A document that has just been filed."""

    title: str
    url: str
    elsewhere: bool


def filed(document: Document, *, elsewhere: bool) -> Filed:
    """Return a document for the list of what was filed."""
    return Filed(document.title, reverse("document", kwargs={"document_id": document.pk}), elsewhere)


def other_cases(scope: Scope, drafts: Sequence[Draft]) -> dict[str, Case]:
    """Return the cases that papers speak of and that this person may open: others are not named."""
    ids = {one["other"] for draft in drafts for one in draft.doubt_list if one.get("other")}
    if not ids:
        return {}
    rows = scope.cases().filter(pk__in=ids).prefetch_related("references")
    return {str(one.pk): one for one in rows}


def row(draft: Draft, case: Case, *, number: int, others: Mapping[str, Case], errors: Mapping[str, str]) -> Row:
    """Return a draft for the page."""
    key = str(draft.pk)
    questions = tuple(_question(draft, one, case, others, errors) for one in draft.doubt_list)
    values = {
        "title": draft.title,
        "section": draft.section,
        "dated": draft.dated,
        "received": draft.received,
        "type": draft.type,
        "party": str(draft.party or ""),
        "classification": str(draft.classification),
    }
    origins = draft.origin_of
    return Row(
        key=key,
        number=number,
        name=shown_name(draft.original_name),
        fields={
            name: Value(value, _hint(name, origins.get(name, "")), origins.get(name, ""), errors.get(name, ""))
            for name, value in values.items()
        },
        questions=questions,
        note=_note(draft),
        state="asks" if draft.open_doubts else "ready",
        errors=tuple((f"{name}-{key}", said) for name, said in errors.items()),
    )


def summary(rows: Sequence[Row]) -> list[dict[str, str]]:
    """Return every error of the page with a link to its field."""
    return [{"href": f"#{target}", "text": said} for one in rows for target, said in one.errors]


def classifications(case: Case) -> list[tuple[str, str]]:
    """Return how closely papers of this case can be kept."""
    return [(str(int(code)), str(text)) for code, text in words.CLASSIFICATIONS.items() if code >= case.classification]


def _hint(name: str, origin: str) -> str:
    if origin in HINTS:
        return str(HINTS[origin])
    return str(PLAIN[name]) if not origin else ""


def _note(draft: Draft) -> str:
    if draft.stage == Stage.QUARANTINED:
        return _("Stopped by the virus check. It can be filed and nobody can open it.")
    if draft.stage == Stage.RECEIVED:
        return _("Waits for its virus check. It can be filed meanwhile.")
    return _("Safe here, not filed yet.")


def _question(
    draft: Draft, doubt: Mapping[str, str], case: Case, others: Mapping[str, Case], errors: Mapping[str, str]
) -> Question:
    code, other = doubt["code"], others.get(doubt.get("other", ""))
    confirmed = code in draft.confirmed.split()
    yes = YES[code] if code in YES else _("File it on %(here)s. I have read it and it belongs here")
    choices = [Choice("yes", str(yes) % {"here": main_number(case)} if code not in YES else str(yes), confirmed)]
    if other is not None and other.is_open:
        there = {"number": main_number(other), "title": other.title}
        choices.insert(0, Choice("other", _("File it on %(number)s, %(title)s") % there, False))
    choices.append(Choice("no", _("Do not file it"), False))
    on_paper, of_case = _compared(doubt.get("number", ""), main_number(case)) if code == CODE else ((), ())
    return Question(
        code=code,
        reason=doubt["reason"],
        choices=tuple(choices),
        error=errors.get(f"doubt-{code}", ""),
        on_paper=on_paper,
        of_case=of_case,
        page=doubt.get("page", ""),
        other=_of_other(doubt, other),
    )


def _of_other(doubt: Mapping[str, str], other: Case | None) -> str:
    if other is not None:
        return other.title
    return _("another case") if doubt.get("other") else ""


def _compared(paper: str, case: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return two numbers cut where they differ, so that turned figures are seen at once."""
    matcher = SequenceMatcher(None, paper, case, autojunk=False)
    if matcher.ratio() < 0.5:
        return (Piece(paper, False),), (Piece(case, False),)
    left, right = [], []
    for kind, a, b, c, d in matcher.get_opcodes():
        if paper[a:b]:
            left.append(Piece(paper[a:b], kind != "equal"))
        if case[c:d]:
            right.append(Piece(case[c:d], kind != "equal"))
    return tuple(left), tuple(right)
