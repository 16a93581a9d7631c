"""What the door remembers: stations, batches with their items, what a person must decide, and requests with a key."""

import uuid
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from docstore.access.models import Court, User
from docstore.cases.models import Case, choices
from docstore.documents.kept_models import KeptBytes


class IdempotentRequest(models.Model):
    """One request, kept for seven days so that a retry gets the same document and does nothing twice.

    `answer` is empty while the first request is still at work; it is set in the transaction that files the document.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    actor = models.UUIDField()
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=100)
    request_sha256 = models.CharField(max_length=64)
    answer = models.UUIDField(null=True)
    response = models.TextField(blank=True, help_text="The first answer as it was given, where it is given again.")
    begun_seconds = models.FloatField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor", "route", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return self.key


class BatchState(StrEnum):
    """Where a batch stands. The four last ones are final."""

    OPEN = "open"
    VERIFYING = "verifying"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_EXCEPTIONS = "accepted_with_exceptions"
    REJECTED = "rejected"
    EXPIRED = "expired"


class ItemState(StrEnum):
    """Where an item stands, as its station is told (design/api.md §6)."""

    EXPECTED = "expected"
    RECEIVING = "receiving"
    QUARANTINED = "quarantined"
    CLEAN = "clean"
    READING = "reading"
    AVAILABLE = "available"
    REJECTED = "rejected"
    NEEDS_ATTENTION = "needs_attention"


SETTLED_BATCHES = (BatchState.ACCEPTED, BatchState.ACCEPTED_WITH_EXCEPTIONS, BatchState.REJECTED, BatchState.EXPIRED)
SAFE_ITEMS = (
    ItemState.QUARANTINED,
    ItemState.CLEAN,
    ItemState.READING,
    ItemState.AVAILABLE,
    ItemState.NEEDS_ATTENTION,
)
SETTLED_ITEMS = (ItemState.READING, ItemState.AVAILABLE, ItemState.REJECTED, ItemState.NEEDS_ATTENTION)


class Happening(StrEnum):
    """What the feed of intake events can say. Names are never renamed: stations and suppliers rely on them."""

    BATCH_OPENED = "batch.opened"
    BATCH_AMENDED = "batch.amended"
    BATCH_CLOSED = "batch.closed"
    BATCH_SETTLED = "batch.settled"
    BATCH_EXPIRED = "batch.expired"
    BATCH_OVERDUE = "batch.overdue"
    BATCH_CHASED = "batch.chased"
    STATION_SILENT = "station.silent"
    STATION_HEARD = "station.heard"
    RECEIPT_ISSUED = "receipt.issued"
    ITEM_RECEIVED = "item.received"
    ITEM_CLEARED = "item.cleared"
    ITEM_FILED = "item.filed"
    ITEM_AVAILABLE = "item.available"
    ITEM_REJECTED = "item.rejected"
    ITEM_QUEUED = "item.needs_attention"
    ITEM_DECIDED = "item.decided"
    ITEM_RESCAN_WANTED = "item.rescan_wanted"
    ITEM_SUPERSEDED = "item.superseded"


class Act(StrEnum):
    """What a person can do with an exception (DOM-1.8); SETTLED is what answers itself, or only wants to be seen."""

    ATTACH = "attach"
    CREATE_CASE = "create-case"
    RECLASSIFY = "reclassify"
    RESCAN = "rescan"
    ABORT = "abort"
    CHECK_AGAIN = "check-again"
    SETTLED = "settled"


class Station(models.Model):
    """A scanner's identity at one court. Its keys, their scopes, addresses and validity are service keys of `user`.

    `container`, `jurisdiction` and `po_box` say which supplier's envelopes it may send. `happenings` counts the events
    of its feed; whoever locks the row to count one further has the station's transactions in order.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="station")
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="stations")
    name = models.CharField(max_length=120)
    is_enabled = models.BooleanField(default=True)
    section = models.CharField(max_length=40, blank=True, help_text="Where its papers go where their type names none.")
    container = models.CharField(max_length=40, blank=True)
    jurisdiction = models.CharField(max_length=40, blank=True)
    po_box = models.CharField(max_length=40, blank=True)
    takes_payments = models.BooleanField(default=False)
    tray = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="Where its paper lies until it may go."
    )
    paper_days = models.PositiveSmallIntegerField(
        default=14, db_default=14, help_text="How long paper is kept after its receipt."
    )
    seen_at = models.DateTimeField(null=True)
    agent_version = models.CharField(max_length=40, blank=True)
    queue_depth = models.PositiveIntegerField(null=True)
    free_bytes = models.PositiveBigIntegerField(null=True)
    last_error = models.CharField(max_length=500, blank=True)
    splits_at_blanks = models.BooleanField(default=False, help_text="An empty page ends a paper.")
    quality = models.TextField(
        default="{}", help_text="Which doubts about a page count, and which hold a paper, as JSON."
    )
    silent_since = models.DateTimeField(null=True, help_text="Since when it has been reported as silent.")
    happenings = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["court", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["container", "po_box"], name="station_per_container", condition=~Q(container="")
            )
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """What a station sent in one go. `manifest` is kept as it came and `receipt` as it was signed.

    `change` grows with every change of the manifest and is the batch's ETag. A batch's reference to a case is what the
    station claims; where an item really went stands on the item.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="batches")
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=200)
    state = models.CharField(max_length=24, choices=choices(BatchState), default=BatchState.OPEN)
    manifest = models.TextField()
    manifest_sha256 = models.CharField(max_length=64)
    key_limits = models.TextField(
        blank=True, default="", db_default="", help_text="For which cases the key was that opened it."
    )
    case_reference = models.CharField(max_length=120, blank=True)
    operator = models.CharField(max_length=120, blank=True)
    rescan_for = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    envelope = models.CharField(max_length=40, blank=True, help_text="The classification of a supplier's envelope.")
    content_sha256 = models.CharField(max_length=64, blank=True, help_text="Of a supplier's whole envelope.")
    payments = models.TextField(default="[]")
    claimed_opened_at = models.DateTimeField(null=True)
    claimed_scanned_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True, help_text="When it was said that this batch takes too long.")
    receipt = models.TextField(blank=True)
    receipt_issued_at = models.DateTimeField(null=True)
    change = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-opened_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["station", "external_id"], name="batch_named_once_per_station")
        ]
        indexes: ClassVar = [
            models.Index(fields=["court", "-opened_at", "id"], name="batch_by_court"),
            models.Index(
                fields=["opened_at"],
                name="batch_unfinished",
                condition=Q(state__in=[BatchState.OPEN, BatchState.VERIFYING]),
            ),
        ]

    def __str__(self) -> str:
        return self.external_id

    @property
    def is_open(self) -> bool:
        return self.state == BatchState.OPEN

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED_BATCHES

    @property
    def was_closed(self) -> bool:
        """Whether its station has said that all was sent, so that its papers go where they belong."""
        return self.closed_at is not None


class Item(KeptBytes):
    """One declared document in a batch. `sha256` and `size` are what was declared, and what arrived or it is not taken.

    `key` is where its bytes lie; once it is filed, the version of `document` lies under the same key: one object, never
    two. `claimed` is whether its control number is taken for good; an item that never came gives it back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    seq = models.PositiveIntegerField()
    control_number = models.CharField(max_length=60)
    claimed = models.BooleanField(default=True)
    type = models.CharField(max_length=60)
    case_reference = models.CharField(max_length=120, blank=True)
    expected_pages = models.PositiveIntegerField(null=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    declared_type = models.CharField(max_length=100, blank=True)
    name = models.CharField(max_length=255, blank=True)
    colour = models.CharField(max_length=20, blank=True)
    dpi = models.PositiveIntegerField(null=True)
    suggested = models.TextField(default="{}", help_text="What a supplier read off the paper: shown, never trusted.")
    state = models.CharField(max_length=16, choices=choices(ItemState), default=ItemState.EXPECTED)
    code = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    key = models.CharField(max_length=255, blank=True)
    received_at = models.DateTimeField(null=True)
    media_type = models.CharField(max_length=100, blank=True)
    pages = models.PositiveIntegerField(null=True)
    scanned_by = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True, help_text="Of its first pages, for matching; forgotten once it is filed.")
    document = models.UUIDField(null=True, help_text="What it became; the first one where it is several.")
    divided = models.BooleanField(default=False, help_text="Whether its parts were cut out, to be filed in its place.")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    tried_seconds = models.FloatField(default=0)

    class Meta:
        ordering: ClassVar = ["seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "seq"], name="item_seq_once"),
            models.UniqueConstraint(fields=["control_number"], name="control_number_once", condition=Q(claimed=True)),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state"],
                name="item_under_way",
                condition=Q(state__in=[ItemState.QUARANTINED, ItemState.CLEAN, ItemState.READING]),
            ),
            models.Index(fields=["document"], name="item_by_document"),
        ]

    def __str__(self) -> str:
        return self.control_number

    @property
    def is_safe(self) -> bool:
        """Whether its bytes are in the vault, read back, and answered for."""
        return self.state in SAFE_ITEMS


class NonScannable(models.Model):
    """Something in a batch that cannot be scanned, such as a disc: what it is and where it is kept (DOM-1.16)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="non_scannable")
    control_number = models.CharField(max_length=60)
    claimed = models.BooleanField(default=True)
    type = models.CharField(max_length=60)
    kept_at = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="non_scannable")

    class Meta:
        ordering: ClassVar = ["control_number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["control_number"], name="non_scannable_once", condition=Q(claimed=True))
        ]

    def __str__(self) -> str:
        return self.control_number


class IntakeEvent(models.Model):
    """What happened to a batch or an item: append-only, numbered per station without a gap. Status is kept elsewhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    happening = models.CharField(max_length=24, choices=choices(Happening))
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField(null=True, help_text="Of the item in its batch.")
    detail = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["station", "number"], name="intake_event_numbered_once")
        ]

    def __str__(self) -> str:
        return self.happening


class IntakeException(models.Model):
    """What a person at the court must decide: about one item, or about a whole batch where `item` is empty.

    `code` says why in one word, `reason` in a sentence. `suggestions` is JSON: `[{"case": id, "because": [sentence]}]`;
    show of it only cases that the reader may open. `act` and `note` are what was decided and why.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="exceptions")
    item = models.ForeignKey(Item, null=True, on_delete=models.CASCADE, related_name="exceptions")
    code = models.CharField(max_length=40)
    reason = models.TextField()
    suggestions = models.TextField(default="[]")
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    act = models.CharField(max_length=12, choices=choices(Act), blank=True)
    note = models.TextField(blank=True)
    change = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["raised_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item", "code"], name="exception_once", condition=Q(settled_at__isnull=True)
            ),
            models.CheckConstraint(
                name="exception_settled_with_reason",
                condition=Q(settled_at__isnull=True) | (~Q(note="") & ~Q(act="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["court", "raised_at", "id"], name="exception_waiting", condition=Q(settled_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def etag(self) -> str:
        return f'"{self.change}"'


class Upload(models.Model):
    """Bytes of an item that arrive in pieces. The pieces lie in one file on disk; `received` never goes back.

    `assembly` is what the vault calls its attempt to make an object of them, where it takes large ones part by part.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="uploads")
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    media_type = models.CharField(max_length=100, blank=True)
    assembly = models.CharField(max_length=1024, blank=True, default="")
    is_complete = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="upload_expiring")]

    def __str__(self) -> str:
        return f"{self.received} of {self.size} bytes"
