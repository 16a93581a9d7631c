"""Thirty everyday cases, so that lists, filters and the day list look lived in. Written by rule from lists of words.

Short papers, mostly typed: they are made and read quickly. Every name, place and thing is invented, and each thing
belongs to one case, so that a search for it finds that case.
"""

from dataclasses import dataclass
from itertools import islice

from docstore.demo.files.civil import claim_parties
from docstore.demo.files.magistrates import CROWN
from docstore.demo.spec import (
    FIRST_COURT,
    SECOND_COURT,
    DemoCase,
    DemoDocument,
    DemoHearing,
    DemoParty,
    Form,
    by,
    ccd,
    paper,
    urn,
)

FIRST_NUMBER = 600
MAGISTRATES, FAMILIES, CROWNS, CIVILS = 17, 4, 4, 3
FAMILIES_OF = {"defence": "Pargeter and Lowe, solicitors", "defence2": "Rhodri Pellow, solicitor"}

_NAMES = (
    "Aurelia Tremlow", "Gideon Achterhuis", "Petronella Yelland", "Cyprian Sorrel-Kemp", "Ottoline Haverly", "Lazarus Mbekwe-Lunt",
    "Rosamund Cadwallen", "Ephraim Orchardsen", "Delphine Pennock-Shaw", "Tobias Wetherall-Oduya", "Imogen Farthingale", "Caspian Dravick",
    "Winifred Osgathorpe", "Leander Quillon", "Marigold Stanton-Eze", "Fabian Thrushcross", "Clemency Oakhanger", "Alaric Brambleby",
    "Sabine Larkhill", "Horatio Penhallow", "Verity Nettlefold", "Jasper Culverhouse", "Odessa Minchin-Ray", "Rupert Saltmarsh",
    "Perdita Gallowglass", "Ignatius Fanshawe-Okoro", "Beatrix Tollgate", "Evander Moorcroft", "Cressida Hollowbread", "Augustin Stroudley",
)  # fmt: skip
_WITNESSES = (
    "Martha Quickenden", "Ansel Birdwhistle", "Constance Greengage", "Dunstan Pike-Mbatha", "Edwina Harbottle", "Felix Cordwainer",
    "Griselda Popham", "Hamo Wainscott", "Ivy Tansley-Cho", "Jabez Underhill",
)  # fmt: skip
_THINGS = (
    "brass sextant", "turquoise tandem", "pewter weathervane", "marble chess set", "yellow kayak", "stuffed pheasant",
    "copper jelly mould", "velvet armchair", "garden gnome in a crown", "pianola roll", "crate of quinces", "silver toast rack",
    "antique mangle", "box kite", "glass harmonica", "ship in a bottle", "leather football of 1911", "tortoiseshell comb",
    "cast-iron bollard", "gramophone horn", "beekeeper's smoker", "painted rocking horse", "bronze sundial", "wicker balloon basket",
    "ivory-handled umbrella", "clockwork elephant", "ceremonial trowel", "mahogany barometer", "set of handbells", "tin of treacle",
)  # fmt: skip
_PLACES = (
    "Ropewalk Yard", "the Corn Exchange steps", "Larkspur Crescent", "the number 19 tram stop", "Old Tannery Bridge", "Saltpan Row",
    "the allotments behind Mill Lane", "Bishop's Ferry", "the lower deck car park", "Lantern Street market", "Cobbler's Reach", "the bandstand in Priory Park",
    "Gasometer Terrace", "the swimming baths", "Whalebone Alley", "Northgate bus garage", "the Assembly Rooms", "Candlemaker's Court",
    "the boating lake", "Gull Quay", "Hopfield Close", "the reading room", "Windlass Street", "Thistle Down Farm",
    "the departures hall", "Eel Pie Steps", "Foundry Lane", "the ice rink", "Rookery Nook", "Treadmill Hill",
)  # fmt: skip
_ACTS = ("stole", "damaged", "dishonestly received", "carried off", "hid")
# What is listed when: day from the first one, and the kind of hearing. The nearest days are the fullest.
_LISTED = (
    (0, "First hearing"), (0, "Sentence"), (0, "Trial"), (1, "First hearing"), (1, "Trial"), (2, "Case management"), (0, "Bail application"),
    (4, "Sentence"), (6, "Trial, day 1 of 2"), (9, "Case management"), (0, "First hearing"), (13, "Trial"),
)  # fmt: skip
_TIMES = ("10:00", "10:30", "11:15", "12:00", "14:00", "15:00")


@dataclass(frozen=True, slots=True)
class _Story:
    """What one case is about."""

    at: int
    name: str
    witness: str
    thing: str
    place: str
    acts: str

    @property
    def family_name(self) -> str:
        return self.name.split()[-1]

    @property
    def value(self) -> str:
        return f"£{40 + self.at * 37}.{10 + self.at}"


def _story(at: int) -> _Story:
    witness = _WITNESSES[at % len(_WITNESSES)]
    return _Story(at, _NAMES[at], witness, _THINGS[at], _PLACES[at], "defence" if at % 2 else "defence2")


def _hearings(at: int, rooms: tuple[str, ...]) -> tuple[DemoHearing, ...]:
    day, kind = _LISTED[at % len(_LISTED)]
    room, time = rooms[at % len(rooms)], _TIMES[(at // len(rooms)) % len(_TIMES)]
    earlier = (DemoHearing(-28 - at, "10:00", room, "First hearing"),) if kind != "First hearing" else ()
    return (*earlier, DemoHearing(day, time, room, kind))


def _form(at: int) -> Form:
    """One scan to a case: the others are typed, as what comes by portal mostly is."""
    return (Form.GREY, Form.BLACK, Form.STAMPED)[at % 3]


def _crime_papers(one: _Story, clerk: str) -> tuple[DemoDocument, ...]:
    act, officer = _ACTS[one.at % len(_ACTS)], f"Constable {one.witness.split()[-1]}"
    charged = 30 + one.at
    return (
        paper("charges/charge sheet", "Charge sheet", Form.TYPED, "prosecutor", charged, by(officer, f"At {one.place} you {act} a {one.thing} belonging to another, of a value of {one.value}.")),
        paper("summary/case summary", "Case summary", Form.TYPED, "prosecutor", charged - 2, by("Tamsin Rook", f"The prosecution say that the {one.thing} was carried away from {one.place} in a wheelbarrow."), pages=2),
        paper("idpc/initial details", "Initial details of the prosecution case", Form.TYPED, "prosecutor", charged - 3, by(officer, f"When shown the {one.thing} the defendant said that it had been won at a raffle."), pages=2),
        paper("statements/statement", f"Statement of {one.witness}", _form(one.at), "prosecutor", charged - 4, by(one.witness, f"I had the {one.thing} from my aunt and kept it on the landing.")),
        paper("statements/statement", f"Statement of {officer}", Form.TYPED, "prosecutor", charged - 4, by(officer, f"I found the {one.thing} under a tarpaulin within sight of {one.place}.")),
        paper("exhibits/log", "Property record", Form.TEXT, "prosecutor", charged - 5, by("Exhibits officer", f"Item 1: one {one.thing}, labelled and bagged.")),
        paper("convictions/record", "Previous convictions", Form.TYPED, "prosecutor", charged - 5, by("Records office", f"Nothing is recorded against {one.name} since the caution for loitering by {one.place}."), restricted=True),
        paper("management/form", "Preparation for effective trial form", Form.WORD, one.acts, charged - 12, by(FAMILIES_OF[one.acts], f"The issue is whether {one.name} believed that the {one.thing} was theirs.")),
        paper("orders/order", "Directions of the court", Form.TYPED, clerk, charged - 14, by("District Judge Ashdown", f"The {one.thing} shall be brought to the hearing, wrapped.")),
    )  # fmt: skip


def _crime(at: int, *, court: str, kind: str, rooms: tuple[str, ...]) -> DemoCase:
    one = _story(at)
    defendant = DemoParty(one.name, "Defendant", "defence", FAMILIES_OF[one.acts], "Unconditional bail", one.acts)
    return DemoCase(
        f"everyday{at:02d}",
        court,
        kind,
        f"R v {one.family_name}",
        (urn(FIRST_NUMBER + at), ccd(FIRST_NUMBER + at)),
        (CROWN, defendant),
        _hearings(at, rooms),
        _crime_papers(one, "clerk" if court == FIRST_COURT else "clerk2"),
        restriction="Do not publish anything likely to identify the complainant, who is under 18."
        if at % 11 == 5
        else "",
    )


def _family(at: int) -> DemoCase:
    one = _story(at)
    other = f"Bartholomew {one.family_name}"
    return DemoCase(
        f"everyday{at:02d}",
        FIRST_COURT,
        "family",
        f"Re {one.family_name[0]} (a child: the {one.thing})",
        (ccd(FIRST_NUMBER + at),),
        (
            DemoParty(one.name, "Applicant", "applicant", "Pargeter and Lowe, solicitors", acts="defence"),
            DemoParty(other, "Respondent", "respondent", "Rhodri Pellow, solicitor", acts="defence2"),
        ),
        _hearings(at, ("Courtroom 5", "Courtroom 6")),
        (
            paper("application/form", "Application for a specific issue order", Form.TYPED, "defence", 40, by(one.name, f"I ask that the child keep the {one.thing} in term time."), pages=2),
            paper("statements/statement", "Statement of the applicant", _form(at), "defence", 32, by(one.name, f"The {one.thing} has stood beside the cot since the christening.")),
            paper("statements/statement", "Statement of the respondent", Form.TYPED, "defence2", 28, by(other, f"The {one.thing} was bought by my mother at {one.place}.")),
            paper("experts/report", "Valuation", Form.TYPED, "defence", 20, by("Gudgeon and Tench", f"We value the {one.thing} at {one.value} in its present state."), pages=2),
            paper("safeguarding/letter", "Safeguarding letter", Form.TYPED, "clerk", 25, by("Advisory Service for Families", f"No concern is raised by either visit to {one.place}."), restricted=True),
            paper("orders/order", "Directions order", Form.TYPED, "clerk", 18, by("District Judge Ashdown", f"Nobody shall lend, sell or polish the {one.thing} meanwhile.")),
            paper("correspondence/letter", "Letter about dates", Form.TEXT, "defence2", 9, by("Rhodri Pellow", f"Our client is at {one.place} in the first week and asks for another.")),
        ),
        restriction="Proceedings in private. Nothing may be published that identifies a child.",
    )  # fmt: skip


def _civil(at: int) -> DemoCase:
    one = _story(at)
    firm = f"{one.witness.split()[-1]} and Sons"
    return DemoCase(
        f"everyday{at:02d}",
        SECOND_COURT,
        "civil",
        f"{one.family_name} v {firm}",
        (ccd(FIRST_NUMBER + at), ("legacy", f"EM/C/2026/{FIRST_NUMBER + at}")),
        claim_parties(one.name, firm),
        _hearings(at, ("Court 4", "Court 5")),
        (
            paper("claim/particulars", "Particulars of claim", Form.TYPED, "defence", 90, by(one.name, f"The defendant delivered a {one.thing} that came apart at {one.place}."), pages=2),
            paper("claim/defence", "Defence", Form.TYPED, "defence2", 70, by(firm, f"The {one.thing} was sound when it left the defendant's cart."), pages=2),
            paper("statements/statement", "Statement of the claimant", _form(at), "defence", 40, by(one.name, f"I paid {one.value} for the {one.thing} and had a receipt on blue paper.")),
            paper("statements/statement", f"Statement of {one.witness}", Form.TYPED, "defence2", 38, by(one.witness, f"I packed the {one.thing} in straw with my own hands.")),
            paper("exhibits/invoice", "Invoice", Form.TEXT, "defence", 95, by(firm, f"One {one.thing}, delivered to {one.place}.")),
            paper("experts/report", "Report of the joint expert", Form.TYPED, "defence", 30, by("Dr Cuthbert Ravenhill", f"The joint of the {one.thing} had been mended with fish glue."), pages=2),
            paper("orders/order", "Directions", Form.TYPED, "clerk2", 60, by("District Judge Merriweather", f"The {one.thing} shall be inspected once, in daylight.")),
            paper("correspondence/letter", "Letter about settlement", Form.WORD, "defence2", 12, by("Rhodri Pellow", f"Our client would replace the {one.thing} if each side bore its own costs.")),
        ),
    )  # fmt: skip


def _employment(at: int) -> DemoCase:
    one = _story(at)
    firm = f"{one.place.title().removeprefix('The ')} Company"
    return DemoCase(
        f"everyday{at:02d}",
        SECOND_COURT,
        "employment",
        f"{one.family_name} v {firm}",
        (ccd(FIRST_NUMBER + at), ("legacy", f"ET/{FIRST_NUMBER + at}/2026")),
        claim_parties(one.name, firm),
        _hearings(at, ("Tribunal room 1", "Tribunal room 2")),
        (
            paper("claim/form", "Claim form ET1", Form.TYPED, "defence", 120, by(one.name, f"I was dismissed for refusing to carry the {one.thing} upstairs alone."), pages=2),
            paper("claim/form", "Response ET3", Form.TYPED, "defence2", 95, by(firm, f"Two colleagues had carried the {one.thing} without complaint."), pages=2),
            paper("statements/statement", "Statement of the claimant", _form(at), "defence", 30, by(one.name, f"My back was already sore when I was shown the {one.thing}.")),
            paper("statements/statement", f"Statement of {one.witness}", Form.TYPED, "defence2", 28, by(one.witness, f"There was a trolley for the {one.thing} by the lift.")),
            paper("documents/letter", "Letter of dismissal", Form.TYPED, "defence", 122, by(firm, f"You left the {one.thing} on the stairs and went home.")),
            paper("documents/payslip", "Payslips", Form.TEXT, "defence2", 50, by(firm, f"Week 12: deduction of {one.value} for breakage.")),
            paper("orders/order", "Case management order", Form.TYPED, "clerk2", 60, by("Employment Judge Carnforth", f"A photograph of the {one.thing} shall be agreed.")),
            paper("correspondence/email", "E-mail about the venue", Form.TEXT, "defence", 8, by("Lowell Pargeter", f"The claimant asks for a room without stairs, the {one.thing} being in evidence.")),
        ),
    )  # fmt: skip


def _all() -> tuple[DemoCase, ...]:
    numbers = iter(range(len(_NAMES)))
    rooms, halls = ("Courtroom 1", "Courtroom 2", "Courtroom 3", "Courtroom 4"), ("Court 1", "Court 2", "Court 3")
    return (
        *(_crime(at, court=FIRST_COURT, kind="crime-magistrates", rooms=rooms) for at in islice(numbers, MAGISTRATES)),
        *(_family(at) for at in islice(numbers, FAMILIES)),
        *(_crime(at, court=SECOND_COURT, kind="crime-crown", rooms=halls) for at in islice(numbers, CROWNS)),
        *(_civil(at) for at in islice(numbers, CIVILS)),
        *(_employment(at) for at in numbers),
    )


EVERYDAY = _all()
