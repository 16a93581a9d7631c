"""What papers of each kind look like: charge sheets, statements, orders, forms, reports, letters.

Turns a line of the case files into a Paper. Knows how court papers are laid out; must not know files or the database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from docstore.cases.references import shown
from docstore.demo.papers import wording
from docstore.demo.papers.blocks import (
    Block,
    Letterhead,
    Line,
    Numbered,
    PageEnd,
    Paper,
    Signature,
    Style,
    Table,
)
from docstore.demo.papers.dice import dice_for
from docstore.demo.papers.samples import spread
from docstore.demo.spec import FIRST_COURT, DemoCase, DemoDocument

PARAGRAPHS_PER_PAGE = 9
_STREETS = ("Tannery Court", "Assize Street", "Candlewick Row", "Gasworks Lane", "Old Rectory Lane", "Fish Quay")
_CLAUSE = (
    "This statement, consisting of the pages that follow and signed by me, is true to the best of my knowledge and "
    "belief, and I make it knowing that, if it is tendered in evidence, I shall be liable to prosecution if I have "
    "wilfully stated in it anything which I know to be false or do not believe to be true."
)
_CAUTION = (
    "You are charged with the offence shown below. You do not have to say anything, but it may harm your defence if "
    "you do not mention now something which you later rely on in court. Anything you do say may be given in evidence."
)
_BLACK_INK = "Please complete in black ink and in capital letters. Continue on a separate sheet if you need to."
_ITEMS = (
    "Pocket notebook, pages 11 to 14",
    "Copy of the duty roster",
    "Receipt, till roll attached",
    "Envelope, empty",
    "Extract from the message log",
    "Draft, not sent",
    "Sketch plan, not to scale",
    "Telephone note, two lines",
    "Covering letter",
    "Delivery note, unsigned",
    "Copy of the insurance certificate",
    "Printed e-mail, one page",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One paper, its case, the day it was written and the chance that fills it."""

    case: DemoCase
    document: DemoDocument
    on: date
    dice: Random

    @property
    def court(self) -> str:
        return "Northgate Magistrates' Court" if self.case.court == FIRST_COURT else "Eastmere Law Courts and Tribunal"

    @property
    def number(self) -> str:
        return shown(*self.case.references[0])

    @property
    def surname(self) -> str:
        return self.document.author.split(",")[0]

    @property
    def address(self) -> str:
        house, ending = self.dice.randrange(1, 90), self.dice.choice(("1NG", "4AB", "4QT", "7HL"))
        return (
            f"{house} {self.dice.choice(_STREETS)}, ZZ99 {ending}. Telephone 01632 960 {self.dice.randrange(100, 990)}"
        )


def compose(case: DemoCase, document: DemoDocument, *, first_day: date, seed: int) -> Paper:
    """Return the paper as it was handed in. The same case, paper, day and seed give the same words."""
    on = first_day - timedelta(days=document.age)
    setting = Setting(case, document, on, dice_for(seed))
    genre = GENRES.get(document.type, _letter)
    return Paper(
        title=document.title,
        blocks=tuple(genre(setting)),
        footer=f"{setting.number}   {document.title}",
        typewriter=document.type in ("transcript", "log"),
    )


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _charge(setting: Setting) -> list[Block]:
    facts = (
        ("Defendant", _defendant(setting)),
        ("Reference", setting.number),
        ("Charged", _in_words(setting.on)),
        ("To appear at", setting.court),
    )
    return [
        Letterhead("CHARGE SHEET", f"Northgate Constabulary. {setting.address}"),
        Table(facts, (0.3, 0.7)),
        Line(_CAUTION),
        *_pages(setting, wording.narrative, numbered=True, most=0),
        Line("The person charged made no reply.", Style.SMALL),
        Signature(setting.surname, "Officer charging"),
    ]


def _defendant(setting: Setting) -> str:
    """Return whom the charge names: the family name after the comma in its title, else the first defendant."""
    names = [party.name for party in setting.case.parties if party.role == "Defendant"]
    family = setting.document.title.rsplit(", ", 1)[-1]
    return next((name for name in names if name.endswith(family)), ", ".join(names))


def _indictment(setting: Setting) -> list[Block]:
    return [
        Line("IN THE CROWN COURT AT EASTMERE", Style.CENTRE),
        Line(f"Case number {setting.number}", Style.RIGHT),
        Line(setting.case.title, Style.CENTRE),
        Line("INDICTMENT", Style.TITLE),
        Line(f"{_defendant(setting)} is charged as follows:"),
        Line("Statement of offence and particulars", Style.HEADING),
        *_pages(setting, wording.narrative, most=0),
        Line("Any further count is to be added by amendment with leave of the court.", Style.SMALL),
        Signature("Officer of the Court", _in_words(setting.on)),
    ]


def _statement(setting: Setting) -> list[Block]:
    welsh = setting.document.language == "cy"
    facts = (
        ("Statement of", setting.surname),
        ("Case", f"{setting.number}  {setting.case.title}"),
        ("Age if under 18", "Over 18"),
    )
    return [
        Line("DATGANIAD TYST" if welsh else "WITNESS STATEMENT", Style.TITLE),
        Table(facts, (0.3, 0.7)),
        Line(_CLAUSE, Style.SMALL),
        Line(f"Dated {_in_words(setting.on)}", Style.RIGHT),
        *_pages(setting, wording.welsh if welsh else wording.narrative, numbered=True, ahead=3),
        Signature(setting.surname),
    ]


def _defence_statement(setting: Setting) -> list[Block]:
    return [
        Line("DEFENCE STATEMENT", Style.TITLE),
        Line("Criminal Procedure and Investigations Act 1996, sections 5 and 6", Style.SMALL),
        Line(f"{setting.case.title}, {setting.number}", Style.HEADING),
        *_pages(setting, wording.filler, numbered=True, ahead=2),
        Signature(setting.document.author, f"For {_defendant(setting)}, {_in_words(setting.on)}"),
    ]


def _order(setting: Setting) -> list[Block]:
    return [
        Line(f"IN THE {setting.court.upper()}", Style.CENTRE),
        Line(f"Case number {setting.number}", Style.RIGHT),
        Line(setting.case.title, Style.CENTRE),
        Line(f"Before {setting.document.author} on {_in_words(setting.on)}"),
        Line("Upon reading the papers and hearing the parties"),
        Line("IT IS ORDERED THAT", Style.HEADING),
        *_pages(setting, wording.direction, numbered=True, ahead=1),
        Signature(setting.document.author),
    ]


def _form(setting: Setting) -> list[Block]:
    facts = (
        ("Name of the court", setting.court),
        ("Case number", setting.number),
        ("Case", setting.case.title),
        ("Completed by", setting.surname),
        ("Date", _in_words(setting.on)),
        ("Will an interpreter be needed?", "No"),
    )
    return [
        Line(setting.document.title.upper(), Style.TITLE),
        Line(_BLACK_INK, Style.SMALL),
        Table(facts, (0.4, 0.6)),
        *_pages(setting, wording.filler, ahead=3),
        Signature(setting.surname, "Signed"),
    ]


def _report(setting: Setting) -> list[Block]:
    facts = (
        ("Prepared by", setting.document.author),
        ("For", setting.court),
        ("Case", setting.number),
        ("Date", _in_words(setting.on)),
    )
    return [
        Line(setting.document.title.upper(), Style.TITLE),
        Table(facts, (0.3, 0.7)),
        Line("Instructions and findings", Style.HEADING),
        *_pages(setting, wording.finding, numbered=True, ahead=2),
        Signature(setting.surname),
    ]


def _schedule(setting: Setting) -> list[Block]:
    rows = [("No.", "Description", "Date", "Remark")]
    for place in range(1, 15):
        day = setting.on - timedelta(days=place * 3)
        rows.append((str(place), setting.dice.choice(_ITEMS), f"{day:%d/%m/%Y}", "None"))
    return [
        Line(setting.document.title.upper(), Style.TITLE),
        Line(f"{setting.case.title}, {setting.number}. Prepared by {setting.document.author}.", Style.SMALL),
        *_pages(setting, wording.filler, most=2),
        Table(tuple(rows), (0.08, 0.5, 0.2, 0.22)),
    ]


def _letter(setting: Setting) -> list[Block]:
    welsh = setting.document.language == "cy"
    initial, first, second = (
        setting.dice.choice("ABCDEFG"),
        setting.dice.randrange(10, 99),
        setting.dice.randrange(9999),
    )
    return [
        Letterhead(setting.document.author.rsplit(", ", 1)[-1], setting.address),
        Line(f"Our reference: {initial}{first}/{second:04d}. Your reference: {setting.number}"),
        Line(_in_words(setting.on)),
        Line(f"The Court Office, {setting.court}, ZZ99 1NG"),
        Line("Annwyl Syr neu Fadam" if welsh else "Dear Sir or Madam"),
        Line(setting.case.title, Style.HEADING),
        *_pages(setting, wording.welsh if welsh else wording.filler, ahead=1),
        Line("Yn gywir" if welsh else "Yours faithfully"),
        Signature(setting.surname),
    ]


def _note(setting: Setting) -> list[Block]:
    heading = Line(f"{setting.document.title}. {setting.number}. {_in_words(setting.on)}.", Style.HEADING)
    return [heading, *_pages(setting, wording.filler, most=4), Line(setting.surname)]


def _pages(
    setting: Setting, fill: wording.Filler, *, numbered: bool = False, ahead: int = 0, most: int = PARAGRAPHS_PER_PAGE
) -> list[Block]:
    """Return the sentences spread over the pages, each page filled up to `most` paragraphs; `ahead` stand already."""
    blocks: list[Block] = []
    count = 0
    pages = spread_evenly(setting.document.told, setting.document.pages)
    for number, told in enumerate(pages):
        room = max(0 if told else 1, most - len(told) - (0 if number else ahead))
        for text in _shuffled_in(told, [fill(setting.dice) for _ in range(room)], setting.dice):
            count += 1
            blocks.append(Numbered(f"{count}.", text) if numbered else Line(text))
        if number < len(pages) - 1:
            blocks.append(PageEnd())
    return blocks


def _shuffled_in(told: Sequence[str], around: Sequence[str], dice: Random) -> list[str]:
    """Return the sentences, in their order, somewhere among the others."""
    texts, places = list(around), sorted(dice.randrange(len(around) + 1) for _ in told)
    for place, sentence in reversed(list(zip(places, told, strict=True))):
        texts.insert(place, sentence)
    return texts


def spread_evenly(told: Sequence[str], pages: int) -> tuple[tuple[str, ...], ...]:
    """Return, page by page, the sentences that stand on it; where they are few, the last is on the last page."""
    if len(told) >= pages:
        return spread(told, pages)
    page_of = [(place + 1) * pages // len(told) for place in range(len(told))]
    return tuple(
        tuple(one for one, on in zip(told, page_of, strict=True) if on == page) for page in range(1, pages + 1)
    )


GENRES: dict[str, Callable[[Setting], list[Block]]] = {
    "charge sheet": _charge,
    "indictment": _indictment,
    "statement": _statement,
    "defence statement": _defence_statement,
    "order": _order,
    "judgment": _order,
    "notice": _order,
    "form": _form,
    "application": _form,
    "report": _report,
    "medical report": _report,
    "case summary": _report,
    "particulars": _report,
    "defence": _report,
    "initial details": _report,
    "handbook": _report,
    "schedule": _schedule,
    "record": _schedule,
    "bank statement": _schedule,
    "invoice": _schedule,
    "ledger": _schedule,
    "payslip": _schedule,
    "log": _schedule,
    "transcript": _note,
    "note": _note,
    "email": _note,
}
