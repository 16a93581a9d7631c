"""The world of the access matrix: somebody in every role, a paper they may be able to see, one they cannot, and nothing."""

import hashlib
import uuid
from dataclasses import dataclass, field

from django.test import Client

from docstore.access.actor import system
from docstore.access.models import Court
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
from docstore.intake.batches import open_batch
from docstore.intake.manifest import parse
from docstore.intake.models import Batch, IntakeException, ItemState
from docstore.intake.scan_models import ScannedPage
from docstore.intake.stations import register_station
from docstore.intake.subscriptions import Webhook
from tests.courts import TwoCourts
from tests.intake.sending import manifest
from tests.security import records_world, station_world

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
    sent: Batch
    sent_elsewhere: Batch
    keys: dict[str, str] = field(default_factory=dict)
    things: records_world.Things = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)

    def key(self, who: str) -> str:
        """One key per person, made before anybody knocks."""
        return self.keys[who]

    def more_ids(self, which: str) -> dict[str, uuid.UUID]:
        """What a station sent, the station, and what waits for a person: at this court, at another, or nowhere."""
        person = {"person_id": self.courts.people["judge"].pk}
        if which not in ("visible", "hidden"):
            return {
                **person,
                "batch_id": uuid.uuid4(),
                "station_id": uuid.uuid4(),
                "exception_id": uuid.uuid4(),
                "webhook_id": uuid.uuid4(),
                "item_id": uuid.uuid4(),
            }
        batch = self.sent if which == "visible" else self.sent_elsewhere
        waits = batch.exceptions.get()
        hook = Webhook.objects.get(court=batch.court_id)
        return {
            **person,
            "batch_id": batch.pk,
            "station_id": batch.station_id,
            "exception_id": waits.pk,
            "webhook_id": hook.pk,
            "item_id": ScannedPage.objects.get(item__batch__station=batch.station_id).item_id,
        }

    @property
    def case(self) -> Case:
        return self.courts.case

    def batch(self, which: str) -> uuid.UUID:
        """The batch of the first court's station, one of another court's, or none."""
        return {"visible": self.sent.pk, "hidden": self.sent_elsewhere.pk}.get(which) or uuid.uuid4()

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
    sent, elsewhere = _station(courts, "station", courts.first), _station(courts, "station2", courts.second)
    clerk = courts.actor("clerk")
    for role, side in MEMBERS.items():
        if role != "visiting":
            cases.add_member(by=clerk, case_id=courts.case.pk, person=courts.people[role], role=role, side=side)
    visit(courts)
    cases.list_hearing(by=clerk, case_id=courts.case.pk, room="Courtroom 1", starts_at=clock.now(), kind="Trial")
    seen = courts.file("first page", "second page", section=SECTION)
    hidden = courts.file("elsewhere", by="clerk2", case=courts.other, section=SECTION)
    for document in (seen, hidden):
        _draw(document)
    for name, document in (("station", seen), ("station2", hidden)):
        _scan(courts, name, document)
    things = records_world.build(courts)
    for which, more in station_world.things(courts, sent, elsewhere).items():
        things[which].update(more)
    keys = {name: courts.key(name) for name in courts.people.everybody()}
    return Matrix(courts, seen, hidden, sent, elsewhere, keys, things)


def _station(courts: TwoCourts, name: str, court: Court) -> Batch:
    """A station of a court, and an open batch of one item that it has begun."""
    station = register_station(by=system("tests"), court=court, username=name, name=name)
    courts.people[name] = station.user
    batch = open_batch(by=courts.actor(name), manifest=parse(manifest(court.code, b"%PDF-1.4 one")))
    IntakeException.objects.create(
        court=court, batch=batch, item=batch.items.get(), code="unmatched", reason="A test.", raised_at=clock.now()
    )
    Webhook.objects.create(court=court, name="A test", url="https://cases.example/", created_at=clock.now())
    return batch


def _scan(courts: TwoCourts, name: str, document: Document) -> None:
    """A scan of this station that became a document, with a page in doubt."""
    batch = open_batch(by=courts.actor(name), manifest=parse(manifest(courts_of(courts, name), b"%PDF-1.4 two")))
    item = batch.items.get()
    item.state, item.document = ItemState.AVAILABLE, document.pk
    item.save()
    ScannedPage.objects.create(item=item, number=1, findings='[["skewed", 2.5]]', doubtful=True)


def courts_of(courts: TwoCourts, name: str) -> str:
    """The court of a station."""
    return courts.first.code if name == "station" else courts.second.code


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
