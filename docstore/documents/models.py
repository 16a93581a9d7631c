"""Documents, versions, what is derived from them, and where they are placed."""

import uuid
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from docstore.access.models import User
from docstore.cases.lifecycle import GONE, Lifecycle
from docstore.cases.models import Case, Classification, Hearing, Party, Section, choices
from docstore.documents.kept_models import KeptBytes, LockedBytes
from docstore.documents.names import shown
from docstore.documents.words import UNKNOWN as UNKNOWN
from docstore.documents.words import Columns as Columns
from docstore.documents.words import Word as Word
from docstore.documents.words import pack_words as pack_words
from docstore.documents.words import unpack_columns, unpack_words


class Stage(StrEnum):
    """How far the reading of a version has come. The three last ones are final."""

    RECEIVED = "RECEIVED"
    CLEAN = "CLEAN"
    READABLE = "READABLE"
    SEARCHABLE = "SEARCHABLE"
    QUARANTINED = "QUARANTINED"
    UNREADABLE = "UNREADABLE"


MAY_FOLLOW: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.CLEAN, Stage.QUARANTINED}),
    Stage.CLEAN: frozenset({Stage.READABLE, Stage.SEARCHABLE, Stage.UNREADABLE, Stage.QUARANTINED}),
    Stage.READABLE: frozenset({Stage.SEARCHABLE, Stage.UNREADABLE, Stage.CLEAN}),
    Stage.SEARCHABLE: frozenset({Stage.CLEAN}),
    Stage.QUARANTINED: frozenset({Stage.CLEAN, Stage.RECEIVED}),
    Stage.UNREADABLE: frozenset({Stage.CLEAN}),
}

SERVED_STAGES = (Stage.CLEAN, Stage.READABLE, Stage.SEARCHABLE, Stage.UNREADABLE)


class PageState(StrEnum):
    PENDING = "PENDING"
    DONE = "DONE"
    FAILED = "FAILED"


class Method(StrEnum):
    """Where the words of a page come from."""

    NATIVE = "native"
    OCR = "ocr"
    NONE = "none"


class LayerSource(StrEnum):
    """Who or what a layer of a page's text comes from: the file itself, OCR, or a person who corrected it."""

    NATIVE = "native"
    OCR = "ocr"
    PERSON = "person"


class RenditionKind(StrEnum):
    PAGE_IMAGE = "page-image"
    THUMBNAIL = "thumbnail"
    PDF = "pdf"


class EndReason(StrEnum):
    MOVED = "moved"
    REMOVED = "removed"
    UNLINKED = "unlinked"


class Document(models.Model):
    """A titled item. `change` grows with every act on it and is its ETag; `index_seq` grows with everything that the
    search index must follow, reading included, and orders what is written there.

    `rank` is what counts for access: the document's own classification, raised by the cases that it is on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    type = models.CharField(max_length=60, blank=True)
    dated_on = models.DateField(null=True)
    received_on = models.DateField(null=True, help_text="When the court got the paper, as a person or its sender says.")
    received_at = models.DateTimeField(null=True, help_text="Our own stamp: when its bytes were safe here.")
    scanned_on = models.DateField(null=True, help_text="When it was scanned, as its station says.")
    language = models.CharField(max_length=12, blank=True)
    classification = models.PositiveSmallIntegerField(choices=[(c.value, c.name) for c in Classification])
    rank = models.PositiveSmallIntegerField()
    sealed = models.BooleanField(default=False)
    sealed_reason = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_reason = models.TextField(blank=True)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=12)
    current = models.PositiveSmallIntegerField(default=1)
    attached_to = models.ForeignKey("Version", null=True, on_delete=models.SET_NULL, related_name="attachments")
    attachment = models.PositiveSmallIntegerField(null=True)
    change = models.PositiveIntegerField(default=1)
    index_seq = models.PositiveIntegerField(default=1)
    lifecycle = models.CharField(max_length=24, choices=choices(Lifecycle), default=Lifecycle.ACTIVE)
    certificate = models.CharField(max_length=40, blank=True, help_text="By which it was destroyed.")
    parties: "models.ManyToManyField[Party, Party]" = models.ManyToManyField(
        Party, related_name="documents", blank=True
    )
    hearings: "models.ManyToManyField[Hearing, Hearing]" = models.ManyToManyField(
        Hearing, related_name="documents", blank=True
    )
    application = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="papers")
    named: "models.ManyToManyField[User, User]" = models.ManyToManyField(
        User, related_name="named_in_seals", blank=True
    )

    class Meta:
        ordering: ClassVar = ["-filed_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="document_rank_not_below_own", condition=Q(rank__gte=models.F("classification"))
            ),
            models.UniqueConstraint(fields=["attached_to", "attachment"], name="document_attachment_once"),
            models.CheckConstraint(
                name="document_withdrawn_has_reason",
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_gone(self) -> bool:
        """Whether it is destroyed, or its destruction has begun."""
        return self.lifecycle in GONE

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def etag(self) -> str:
        return f'"{self.change}"'


class Filing(models.Model):
    """A document's place on a case. One live filing is its home; others show it elsewhere without copying it.

    `partition` says who shares it there: empty for everybody who may read the section, else `side:<side>` or
    `party:<id>`. An ended filing is the stub that stays behind.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="filings")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="filings")
    # Without an index of its own: a section has a part of everything, and a plan that begins there reads all of it.
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+", db_index=False)
    partition = models.CharField(max_length=50, blank=True)
    partition_after = models.CharField(
        max_length=50, null=True, help_text="Who shares it once its case is certain; null while nothing is held back."
    )
    is_home = models.BooleanField(default=True)
    filed_at = models.DateTimeField()
    filed_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = models.CharField(max_length=8, choices=choices(EndReason), blank=True)
    end_note = models.TextField(blank=True)
    doubt = models.TextField(blank=True, db_default="", help_text="Why it may lie on the wrong case, while it is held.")

    class Meta:
        ordering: ClassVar = ["filed_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["document"], name="filing_one_home", condition=Q(is_home=True, ended_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["document", "case"], name="filing_once_per_case", condition=Q(ended_at__isnull=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "section", "filed_at"], name="filing_by_case", condition=Q(ended_at=None)),
            models.Index(fields=["case"], name="filing_in_doubt", condition=Q(ended_at=None) & ~Q(doubt="")),
        ]

    def __str__(self) -> str:
        return f"{self.document} on {self.case}"

    @property
    def places(self) -> frozenset[str]:
        """The tokens by which an actor's scope reaches this filing; see cases.scope."""
        member = f"m:{self.case_id}:{self.section_id}:{self.partition}"
        staff = f"s:{self.case_id}:{self.section_id}"
        court = f"c:{self.case.court_id}:{self.section_id}"
        return frozenset({member, staff} if self.case.sealed else {member, staff, court})


class Version(KeptBytes, LockedBytes):
    """Immutable numbered content of a document. The counts are of its pages, kept for lists."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    original_name = models.TextField()
    key = models.CharField(max_length=255, unique=True)
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    confirmed = models.CharField(max_length=120, blank=True, help_text="Doubts that a person accepted, by code.")
    stage = models.CharField(max_length=12, choices=choices(Stage), default=Stage.RECEIVED)
    stage_reason = models.TextField(blank=True)
    note = models.TextField(blank=True, db_default="", help_text="What people should know though nothing went wrong.")
    lacks = models.CharField(max_length=20, blank=True, db_default="", help_text="The program that it waits for.")
    scanned_by = models.CharField(max_length=80, blank=True)
    fixity_at = models.DateTimeField(null=True, help_text="When its bytes were last hashed again.")
    fixity_fault = models.CharField(max_length=8, blank=True, db_default="", help_text="What that found wrong.")
    fixity_fault_at = models.DateTimeField(null=True)
    unguarded = models.BooleanField(
        db_default=False, default=False, help_text="Filed before anybody could look inside."
    )
    pages_total = models.PositiveIntegerField(null=True)
    pages_readable = models.PositiveIntegerField(default=0)
    pages_searchable = models.PositiveIntegerField(default=0)
    pages_without_text = models.PositiveIntegerField(default=0)
    pages_failed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "number"], name="version_number_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["filed_at"],
                name="version_unfinished",
                condition=Q(stage__in=["RECEIVED", "CLEAN"]),
            ),
            models.Index(fields=["lacks"], name="version_lacking", condition=~Q(lacks="")),
            models.Index(fields=["filed_by", "filed_at"], name="version_by_person"),
            models.Index(fields=["fixity_at"], name="version_by_fixity"),
            models.Index(fields=["lock_at"], name="version_by_lock", condition=Q(lock_at__isnull=False)),
            models.Index(fields=["locked_until"], name="version_lock_ends", condition=Q(locked_until__isnull=False)),
            models.Index(fields=["lock_at"], name="version_lock_astray", condition=~Q(lock_drift="")),
            models.Index(fields=["fixity_fault_at"], name="version_at_fault", condition=~Q(fixity_fault="")),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def shown_name(self) -> str:
        """Its file name for people; `original_name` is kept as it came, as evidence."""
        return shown(self.original_name)

    @property
    def is_served(self) -> bool:
        """Whether its bytes may leave the vault: only after a clean virus check, or where none is configured."""
        return self.stage in SERVED_STAGES

    @property
    def is_scanned(self) -> bool:
        """Whether a virus scanner looked at it; an installation for trying out may have none."""
        return self.scanned_by not in ("", "none")

    @property
    def is_final(self) -> bool:
        return self.stage in (Stage.SEARCHABLE, Stage.QUARANTINED, Stage.UNREADABLE)

    @property
    def is_begun(self) -> bool:
        """Whether some page of it has been read, or could not be."""
        return self.pages_readable + self.pages_failed > 0

    @property
    def is_partial(self) -> bool:
        return self.pages_failed > 0


class Rendition(models.Model):
    """Something derived from a version: a page image, a thumbnail, a PDF. Disposable; made again from the original."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="renditions")
    kind = models.CharField(max_length=12, choices=choices(RenditionKind))
    page = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    tool = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "kind", "page"], name="rendition_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.page}"


class PageLayer(models.Model):
    """A text of a page beside or beneath the one in use: what the file itself said where OCR was the better reading, what
    an earlier reading found, and what a person corrected (DOM-4.1, 4.12).

    The text in use always stands in `Page`. A person's layer without `ended_at` is that text; the machine's own then
    stands here, so nothing that was ever read is lost. Layers hang on the version, because a page is laid out anew when it
    is read again.
    """

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="layers")
    page = models.PositiveIntegerField()
    source = models.CharField(max_length=8, choices=choices(LayerSource))
    text = models.TextField(blank=True)
    packed_words = models.BinaryField(default=bytes)
    engine = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=12, blank=True)
    confidence = models.FloatField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["page", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "page"],
                name="layer_one_live_correction",
                condition=Q(source="person", ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="layer_of_a_person_says_who_and_why",
                condition=~Q(source="person") | (Q(made_by__isnull=False) & ~Q(reason="")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["version", "page"], name="layer_by_page")]

    def __str__(self) -> str:
        return f"{self.source} text of page {self.page}"


class Page(models.Model):
    """One page of a version: the text in use and where its words stand. Sizes are in points, as displayed.

    `method`, `engine` and `language` say how the machine read it; `is_corrected` that a person's text has taken its place.
    """

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=40, blank=True)
    width = models.FloatField(default=0)
    height = models.FloatField(default=0)
    state = models.CharField(max_length=8, choices=choices(PageState), default=PageState.PENDING)
    reason = models.TextField(blank=True)
    text = models.TextField(blank=True)
    packed_words = models.BinaryField(default=bytes)
    method = models.CharField(max_length=8, choices=choices(Method), default=Method.NONE)
    engine = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=12, blank=True)
    confidence = models.FloatField(null=True)
    is_corrected = models.BooleanField(default=False, db_default=False)
    is_indexed = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "number"], name="page_number_once")]

    def __str__(self) -> str:
        return f"page {self.number}"

    @property
    def words(self) -> list[Word]:
        return unpack_words(bytes(self.packed_words))

    @property
    def word_columns(self) -> Columns:
        """The words side by side, where an object of each would cost too much."""
        return unpack_columns(bytes(self.packed_words))
