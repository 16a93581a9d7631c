"""The world of the access matrix: somebody in every role, a paper they may be able to see, one they cannot, and nothing."""

import hashlib
import uuid
from dataclasses import dataclass, field

from docstore.access import actions as access
from docstore.access.actor import system
from docstore.access.roles import ROLES, Reach
from docstore.cases import actions as cases
from docstore.cases import admissions
from docstore.cases.catalogue import CATALOGUE
from docstore.cases.doors import Door
from docstore.cases.models import Case
from docstore.core import clock
from docstore.documents.models import Document, RenditionKind
from docstore.documents.progress import Picture, store_pictures
from docstore.documents.vault import in_memory, vault
from tests.courts import TwoCourts
from tests.security import records_world

SECTION = "statements"
MEMBERS = {
    "prosecutor": "prosecution",
    "defence": "defence",
    "probation": "other",
    "records": "other",
    "visiting": "other",
}
PEOPLE = tuple(code for code in ROLES if code != "system")  # nobody signs in as the service itself
LETTERS = {"read": "r", "file": "f", "download": "d", "remove": "x"}
RIGHTS = next(
    row.rights for kind in CATALOGUE if kind.code == "crime-magistrates" for row in kind.sections if row.code == SECTION
)


@dataclass
class Matrix:
    """A case with a read document, the same at a court where none of the people is, and ids of nothing."""

    courts: TwoCourts
    document: Document
    hidden: Document
    keys: dict[str, str] = field(default_factory=dict)
    things: records_world.Things = field(default_factory=dict)

    def key(self, who: str) -> str:
        """One key per person, made before anybody knocks."""
        return self.keys[who]

    @property
    def case(self) -> Case:
        return self.courts.case

    def ids(self, which: str) -> tuple[uuid.UUID, uuid.UUID]:
        """The case and the document of the visible or the hidden pair, or of nothing at all."""
        match which:
            case "visible":
                return self.case.pk, self.document.pk
            case "hidden":
                return self.courts.other.pk, self.hidden.pk
            case _:
                return uuid.uuid4(), uuid.uuid4()


def build(courts: TwoCourts) -> Matrix:
    """Complete the two courts: a station, memberships for those who need one, and two papers with pictures."""
    by = system("tests")
    courts.people["station"] = access.create_person(by=by, username="station", name="Station", password=None)
    access.grant_role(by=by, person=courts.people["station"], role="station", court=None)
    clerk = courts.actor("clerk")
    for role, side in MEMBERS.items():
        if role != "visiting":
            cases.add_member(by=clerk, case_id=courts.case.pk, person=courts.people[role], role=role, side=side)
    visit(courts)
    seen = courts.file("first page", "second page", section=SECTION)
    hidden = courts.file("elsewhere", by="clerk2", case=courts.other, section=SECTION)
    for document in (seen, hidden):
        _draw(document)
    things = records_world.build(courts)
    return Matrix(courts, seen, hidden, {name: courts.key(name) for name in courts.people}, things)


def visit(courts: TwoCourts) -> None:
    """Somebody who reads the case for a stated reason: let in by the court, and by nothing else."""
    number = courts.case.references.get().value
    asked = admissions.ask(
        by=courts.actor("visiting"), number=number, ground="linked", reason="A case of ours belongs to it."
    )
    admissions.grant(
        by=courts.actor("clerk"), admission_id=asked.pk, until=clock.today(), reason="Agreed with the judge."
    )


def sees_case(role: str) -> bool:
    """Whether somebody in this role can see the visible case, from the data that an auditor reads."""
    return ROLES[role].reach is Reach.COURT or role in MEMBERS


def sees_document(role: str) -> bool:
    return sees_case(role) and "r" in RIGHTS.get(role, "")


def refusals(role: str, door: Door, *, sees: bool) -> set[int]:
    """The answers that this door may give to this role; empty where it opens."""
    if not sees:
        return {404}
    if not door.opens_for(ROLES[role]):
        return {door.refusal}
    if door.right is not None and LETTERS[door.right] not in RIGHTS.get(role, ""):
        return {403, 404}
    return set()


def _draw(document: Document) -> None:
    """Give the first page its picture and thumbnail."""
    version = document.versions.get()
    for kind in (RenditionKind.PAGE_IMAGE, RenditionKind.THUMBNAIL):
        content = f"{kind} of {version.pk}".encode()
        digest, key = hashlib.sha256(content).hexdigest(), f"renditions/{version.pk}/{kind}-1"
        vault().put(key, in_memory(content), sha256=digest, size=len(content), media_type="image/webp")
        store_pictures(version.pk, [Picture(kind, 1, key, digest, len(content), "image/webp", 10, 10, "test")])
