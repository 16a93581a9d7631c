"""Case types and the sections of their files, as data: who may read, file, download and remove in each.

The shape follows a public table of a courts' platform; this matrix is our own reviewed version of it and is loaded by
`actions.load_catalogue`. Rights in a cell are letters: r read, f file, d download, x remove.
"""

from dataclasses import dataclass

from docstore.cases.models import Partition, Right

LETTERS = {"r": Right.READ, "f": Right.FILE, "d": Right.DOWNLOAD, "x": Right.REMOVE}


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section: `rights` maps role codes to letters."""

    code: str
    name: str
    rights: dict[str, str]
    partition: Partition = Partition.SHARED


@dataclass(frozen=True, slots=True)
class TypeRow:
    """One case type with its sections in order."""

    code: str
    name: str
    jurisdiction: str
    sections: tuple[SectionRow, ...]


_STAFF = {"clerk": "rfdx", "adviser": "rfd", "judge": "rfd", "usher": "r", "listing": "rf"}
_BENCH = {"clerk": "rfdx", "adviser": "rfd", "judge": "rf"}
_RECORDS = {"records": "rd"}
_VISITING = {"visiting": "r"}


def _shared(**parties: str) -> dict[str, str]:
    return _STAFF | _RECORDS | _VISITING | parties


def _bench(**parties: str) -> dict[str, str]:
    return _BENCH | _RECORDS | parties


_OFFICE = {"clerk": "rfdx", "adviser": "rfd", "listing": "r"} | _RECORDS

_CRIME = (
    SectionRow("charges", "Charges", _shared(prosecutor="rfd", defence="rd", probation="r")),
    SectionRow("summary", "Case summary", _shared(prosecutor="rfd", defence="rd", probation="r")),
    SectionRow("idpc", "Initial details bundle", _shared(prosecutor="rfd", defence="rd", probation="rd")),
    SectionRow("statements", "Witness statements", _shared(prosecutor="rfd", defence="rfd")),
    SectionRow("exhibits", "Exhibits", _shared(prosecutor="rfd", defence="rfd")),
    SectionRow("forensic", "Streamlined forensic reports", _shared(prosecutor="rfd", defence="rd")),
    SectionRow(
        "unused",
        "Unused material",
        # The judge does not see unused material; the prosecution alone files it (DOM-8.10).
        _OFFICE | {"clerk": "rdx", "adviser": "rd", "prosecutor": "rfd", "defence": "rd"},
    ),
    SectionRow("defence", "Defence statement", _bench(prosecutor="rd", defence="rfd"), partition=Partition.PARTY),
    SectionRow("convictions", "Previous convictions", _shared(prosecutor="rfd", defence="rd", probation="r")),
    SectionRow("reports", "Pre-sentence reports", _bench(prosecutor="r", defence="rd", probation="rfd")),
    SectionRow("management", "Case management", _shared(prosecutor="rfd", defence="rfd", probation="r")),
    SectionRow("applications", "Applications", _shared(prosecutor="rfd", defence="rfd")),
    SectionRow("orders", "Orders and results", _shared(prosecutor="rd", defence="rd", probation="r")),
    SectionRow("private", "Private section, judges and court", _bench()),
)

_PARTIES = {"defence": "rfd"}

_FAMILY = (
    SectionRow("application", "Application", _shared(**_PARTIES)),
    SectionRow("orders", "Orders", _shared(defence="rd")),
    SectionRow("statements", "Statements", _shared(**_PARTIES)),
    SectionRow("experts", "Expert reports", _shared(**_PARTIES)),
    SectionRow("safeguarding", "Safeguarding and local authority", _bench(defence="r")),
    SectionRow("confidential", "Confidential contact details", _bench(), partition=Partition.SIDE),
    SectionRow("correspondence", "Correspondence", _shared(**_PARTIES)),
    SectionRow("private", "Private section, judges and court", _bench()),
)

_CIVIL = (
    SectionRow("claim", "Claim and defence", _shared(**_PARTIES)),
    SectionRow("statements", "Witness statements", _shared(**_PARTIES)),
    SectionRow("exhibits", "Exhibits and photographs", _shared(**_PARTIES)),
    SectionRow("experts", "Expert reports", _shared(**_PARTIES)),
    SectionRow("orders", "Orders and directions", _shared(defence="rd")),
    SectionRow("correspondence", "Correspondence", _shared(**_PARTIES)),
    SectionRow("offers", "Offers, not for the trial judge", _OFFICE | _PARTIES, partition=Partition.SIDE),
    SectionRow("private", "Private section, judges and court", _bench()),
)

_EMPLOYMENT = (
    SectionRow("claim", "Claim form ET1 and response ET3", _shared(**_PARTIES)),
    SectionRow("statements", "Witness statements", _shared(**_PARTIES)),
    SectionRow("documents", "Documents of the parties", _shared(**_PARTIES)),
    SectionRow("orders", "Orders and judgments", _shared(defence="rd")),
    SectionRow("correspondence", "Correspondence", _shared(**_PARTIES)),
    SectionRow("private", "Private section, judges and tribunal", _bench()),
)

CATALOGUE: tuple[TypeRow, ...] = (
    TypeRow("crime-magistrates", "Crime, magistrates' court", "crime", _CRIME),
    TypeRow("crime-crown", "Crime, Crown Court", "crime", _CRIME),
    TypeRow("family", "Family proceedings", "family", _FAMILY),
    TypeRow("civil", "Civil claim", "civil", _CIVIL),
    TypeRow("employment", "Employment claim", "employment", _EMPLOYMENT),
)
