"""Cases and what hangs on them. Access rights are read here and decided in `scope`."""

import uuid
from datetime import date
from enum import IntEnum, StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from docstore.access.models import Court, LiveOn, User
from docstore.access.roles import ROLE_CHOICES
from docstore.cases.lifecycle import GONE, Lifecycle


class Classification(IntEnum):
    """How closely something is kept. The case's own raises the floor for everything on it."""

    PUBLIC = 0
    PRIVATE = 1
    RESTRICTED = 2


class CaseStatus(StrEnum):
    OPEN = "OPEN"
    CLOSED = "CLOSED"


class ReferenceKind(StrEnum):
    """The numbers by which a case is known."""

    CCD = "ccd"
    URN = "urn"
    PROSECUTOR = "prosecutor"
    LEGACY = "legacy"


class Side(StrEnum):
    """The halves of a case, and the court between them."""

    COURT = "court"
    PROSECUTION = "prosecution"
    DEFENCE = "defence"
    APPLICANT = "applicant"
    RESPONDENT = "respondent"
    OTHER = "other"


class Right(StrEnum):
    """What a role may do in one section. The four are independent: some roles read and may not download."""

    READ = "read"
    FILE = "file"
    DOWNLOAD = "download"
    REMOVE = "remove"


class Partition(StrEnum):
    """Who shares what is filed in a section."""

    SHARED = "shared"
    SIDE = "side"
    PARTY = "party"


def choices(names: type[StrEnum]) -> list[tuple[str, str]]:
    return [(str(name), str(name)) for name in names]


class CaseType(models.Model):
    """A kind of case, such as a magistrates' court prosecution, with the sections of its file."""

    id = models.BigAutoField(primary_key=True)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    jurisdiction = models.CharField(max_length=20)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """An ordered place in the case file."""

    id = models.BigAutoField(primary_key=True)
    case_type = models.ForeignKey(CaseType, on_delete=models.CASCADE, related_name="sections")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=120)
    order = models.PositiveSmallIntegerField()
    partition = models.CharField(max_length=8, choices=choices(Partition), default=Partition.SHARED)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)

    objects = LiveOn.as_manager()

    class Meta:
        ordering: ClassVar = ["case_type", "order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case_type", "code"], name="section_code_per_type")]

    def __str__(self) -> str:
        return self.name


class SectionRight(models.Model):
    """One right of one role in one section."""

    id = models.BigAutoField(primary_key=True)
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="rights")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    right = models.CharField(max_length=8, choices=choices(Right))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "role", "right"], name="section_right_once")
        ]

    def __str__(self) -> str:
        return f"{self.role} may {self.right} in {self.section}"


class Case(models.Model):
    """The folder. `changed` grows with every change and makes the case's ETag."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="cases")
    case_type = models.ForeignKey(CaseType, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=choices(CaseStatus), default=CaseStatus.OPEN)
    classification = models.PositiveSmallIntegerField(
        choices=[(c.value, c.name) for c in Classification], default=Classification.PRIVATE
    )
    sealed = models.BooleanField(default=False)
    restriction = models.TextField(blank=True, help_text="Reporting restriction, shown on every page of the case.")
    opened_on = models.DateField()
    opened_by = models.UUIDField(null=True)
    closed_on = models.DateField(null=True)
    outcome = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    changed = models.PositiveIntegerField(default=1)
    lifecycle = models.CharField(max_length=24, choices=choices(Lifecycle), default=Lifecycle.ACTIVE)
    certificate = models.CharField(max_length=40, blank=True, help_text="By which it was destroyed.")

    class Meta:
        ordering: ClassVar = ["-created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["court", "-created_at", "id"], name="case_by_court")]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="case_closed_has_date",
                condition=Q(status=CaseStatus.OPEN, closed_on__isnull=True)
                | Q(status=CaseStatus.CLOSED, closed_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_gone(self) -> bool:
        """Whether it is destroyed, or its destruction has begun."""
        return self.lifecycle in GONE

    @property
    def is_open(self) -> bool:
        return self.status == CaseStatus.OPEN

    def mark_closed(self, *, on: date, outcome: str) -> None:
        self.status, self.closed_on, self.outcome = CaseStatus.CLOSED, on, outcome

    def mark_reopened(self) -> None:
        self.status, self.closed_on = CaseStatus.OPEN, None


class Reference(models.Model):
    """One typed number of a case, stored normalised. Legacy numbers are unique per system they come from."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="references")
    kind = models.CharField(max_length=12, choices=choices(ReferenceKind))
    value = models.CharField(max_length=100, db_index=True)
    source = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "value", "source"], name="reference_belongs_to_one_case")
        ]

    def __str__(self) -> str:
        return self.value


class Party(models.Model):
    """Who is in the case. Confidential contact details are kept elsewhere, never here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    name = models.CharField(max_length=160)
    role = models.CharField(max_length=40, help_text="Defendant, claimant, respondent, appellant and so on.")
    side = models.CharField(max_length=12, choices=choices(Side))
    representative = models.CharField(max_length=160, blank=True)
    note = models.CharField(max_length=160, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "name"]
        indexes: ClassVar = [models.Index(Lower("name"), name="party_by_name")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role and side on one case, between two dates."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    side = models.CharField(max_length=12, choices=choices(Side))
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)

    objects = LiveOn.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "case"], name="membership_by_person")]

    def __str__(self) -> str:
        return f"{self.person} as {self.role}"


class Exclusion(models.Model):
    """A named conflict that bars a person from a case, whatever else they hold."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="exclusions")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exclusions")
    reason = models.TextField()
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)

    objects = LiveOn.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "case"], name="exclusion_by_person")]

    def __str__(self) -> str:
        return f"{self.person} barred"


class Hearing(models.Model):
    """A listed sitting of one case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hearings")
    court = models.ForeignKey(Court, on_delete=models.PROTECT, related_name="hearings")
    room = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    kind = models.CharField(max_length=80)
    judges = models.CharField(max_length=200, blank=True, help_text="Who sits, as the list names them.")
    heard = models.BooleanField(default=False)
    listing_id = models.CharField(max_length=60, blank=True, help_text="Its number in the listing system it came from.")
    vacated_at = models.DateTimeField(null=True)
    vacated_reason = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["starts_at", "room"]
        indexes: ClassVar = [models.Index(fields=["court", "starts_at"], name="hearing_by_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["court", "listing_id"], name="hearing_listing_id_once", condition=~Q(listing_id="")
            ),
            models.CheckConstraint(
                name="hearing_vacated_has_reason", condition=Q(vacated_at__isnull=True) | ~Q(vacated_reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class CaseLink(models.Model):
    """Two cases that belong together, and why. Disposal treats linked cases as one group."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links_back")
    leads = models.BooleanField(default=False, db_default=False, help_text="The case is the lead of the other.")
    reason = models.CharField(max_length=160)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "other"], name="case_link_once"),
            models.UniqueConstraint(fields=["other"], condition=Q(leads=True), name="case_led_once"),
            models.CheckConstraint(name="case_link_to_another", condition=~Q(case=models.F("other"))),
        ]

    def __str__(self) -> str:
        return self.reason


class AdmissionKind(StrEnum):
    """How somebody asks to open a case that their roles do not open (DOM-9.7, 9.8)."""

    CHALLENGED = "challenged"
    SPECIFIC = "specific"
    GLASS = "break-glass"


class AdmissionState(StrEnum):
    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    ENDED = "ended"


class Admission(models.Model):
    """A person's stated reason to open one case, and what was decided. Access itself is the membership that it gives.

    `number` is what the person typed; `case` stays empty where no case bears it, and nothing shown to the person who
    asked tells the two apart.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in AdmissionKind])
    state = models.CharField(max_length=8, choices=[(state, state) for state in AdmissionState])
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="admissions")
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="admissions")
    number = models.CharField(max_length=100)
    ground = models.CharField(max_length=20)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decision_reason = models.TextField(blank=True)
    until_on = models.DateField(null=True)
    membership = models.OneToOneField(Membership, null=True, on_delete=models.SET_NULL, related_name="admission")
    looked_at = models.DateTimeField(null=True)
    looked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-asked_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["case", "state"], name="admission_by_case"),
            models.Index(fields=["kind", "looked_at"], name="admission_to_look_at"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="admission_granted_has_end", condition=~Q(state="granted") | Q(until_on__isnull=False)
            ),
            models.CheckConstraint(name="admission_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    def is_live(self, *, on: date) -> bool:
        """Whether it opens the case on this day."""
        return self.state == AdmissionState.GRANTED and self.until_on is not None and on <= self.until_on
