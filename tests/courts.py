"""Two small courts for tests, made through the product's own actions: people, one crime case in each."""

import hashlib
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from docstore.access import actions as access
from docstore.access.actor import Actor, system
from docstore.access.models import Court, User
from docstore.access.queries import actor_for
from docstore.cases import actions as cases
from docstore.cases import configuration
from docstore.cases.models import Case, Party, Side
from docstore.cases.references import parse
from docstore.core.references import with_luhn_digit
from docstore.documents import actions as documents
from docstore.documents.models import Document, PageState, Stage
from docstore.documents.progress import begin_pages, store_page
from docstore.documents.received import PageText, Received, vault_key
from docstore.documents.vault import in_memory, vault
from docstore.intake.actions import Incoming

STAFF = ("clerk", "adviser", "judge", "usher", "listing")
OUTSIDERS = ("prosecutor", "defence", "probation", "records", "stations", "auditor", "support", "visiting")


class People(dict[str, User]):
    """Everybody of outside.md §2 at the first court, a clerk and a judge more; each is made when first asked for.

    Most tests need two or three of them, and to make all is a third of what a short test takes.
    """

    def __init__(self, first: Court, second: Court) -> None:
        at_first = (*STAFF, "records")
        self._cast = {name: (name, first if name in at_first else None) for name in (*STAFF, *OUTSIDERS)}
        self._cast |= {"defence2": ("defence", None), "clerk2": ("clerk", second)}

    def __missing__(self, name: str) -> User:
        role, court = self._cast[name]
        self[name] = _person(name, role, court)
        return self[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.everybody())

    def everybody(self) -> tuple[str, ...]:
        """Make all who are not there yet, for tests that count them or let them sign in; their names."""
        for name in self._cast:
            self[name]
        return tuple(self.keys())


@dataclass
class TwoCourts:
    """The made-up world of a test."""

    first: Court
    second: Court
    people: People
    case: Case
    ann: Party
    bob: Party
    numbers: list[int] = field(default_factory=lambda: [100])

    @cached_property
    def other(self) -> Case:
        """A case at the second court."""
        return self.open_case(by="clerk2", court="SFT", case_type="civil")

    def actor(self, name: str) -> Actor:
        return actor_for(self.people[name], method="test")

    def key(self, name: str) -> str:
        return access.issue_key(by=system("tests"), person=self.people[name], label="test")

    def open_case(self, *, by: str = "clerk", court: str = "NGT", case_type: str = "crime-magistrates") -> Case:
        self.numbers[0] += 1
        reference = parse("ccd", with_luhn_digit(f"1{self.numbers[0]:014d}"), pointer="/references/0")
        return cases.open_case(
            by=self.actor(by),
            title=f"R v Test {self.numbers[0]}",
            court=court,
            case_type=case_type,
            references=[reference],
        )

    def file(
        self,
        *texts: str,
        by: str = "clerk",
        case: Case | None = None,
        section: str = "statements",
        title: str = "Statement",
    ) -> Document:
        """File a document whose pages have been read already, with these texts."""
        where = case or self.case
        document = documents.file_document(
            by=self.actor(by),
            case_id=where.pk,
            section=section,
            title=title,
            received=stored(where, " ".join(texts).encode() + uuid.uuid4().bytes),
        )
        version = document.versions.get()
        pages = [PageText(at, str(at), 595, 842, text=text) for at, text in enumerate(texts, start=1)]
        begin_pages(version.pk, [PageText(one.number, one.label, 595, 842, state=PageState.PENDING) for one in pages])
        for page in pages:
            store_page(version.pk, page, ())
        document.refresh_from_db()
        return document


def stored(case: Case, content: bytes, *, number: int = 1, stage: Stage = Stage.CLEAN) -> Received:
    """Put bytes into the vault as the door would, and say so."""
    digest, document_id = hashlib.sha256(content).hexdigest(), uuid.uuid4()
    key = vault_key(case_id=case.pk, document_id=document_id, number=number, sha256=digest)
    vault().put(key, in_memory(content), sha256=digest, size=len(content), media_type="text/plain")
    return Received(
        document_id=document_id,
        version_id=uuid.uuid4(),
        number=number,
        key=key,
        sha256=digest,
        size=len(content),
        media_type="text/plain",
        original_name="statement.txt",
        stage=stage,
    )


def incoming(content: bytes, name: str, declared: str | None = None) -> Incoming:
    """A file that has just arrived."""
    with tempfile.NamedTemporaryFile(delete=False, prefix="docstore-incoming-") as file:
        file.write(content)
    return Incoming(Path(file.name), name, declared, len(content), hashlib.sha256(content).hexdigest())


def build_courts() -> TwoCourts:
    """Two courts and a case at the first; people, and a case at the second, come when asked for."""
    by = system("tests")
    configuration.load_catalogue(by=by)
    first = access.register_court(by=by, code="NGT", name="Northgate", jurisdictions="crime family")
    second = access.register_court(by=by, code="SFT", name="Southford", jurisdictions="civil employment crime")
    world = TwoCourts(first, second, People(first, second), None, None, None)  # type: ignore[arg-type] # filled just below
    world.case = world.open_case()
    clerk = world.actor("clerk")
    world.ann = cases.add_party(by=clerk, case_id=world.case.pk, name="Ann Ash", role="Defendant", side=Side.DEFENCE)
    world.bob = cases.add_party(by=clerk, case_id=world.case.pk, name="Bob Birch", role="Defendant", side=Side.DEFENCE)
    return world


def _person(username: str, role: str, court: Court | None) -> User:
    by = system("tests")
    person = access.create_person(by=by, username=username, name=username.title(), password="test-password-1")
    access.grant_role(by=by, person=person, role=role, court=court)
    return person
