"""Whose records somebody manages, and whose retention they may see.

A records manager with a court manages that court's records, one without a court all of them; content is another matter
and stays with `cases.scope`. A bar beats every role here too. What somebody may not see is not found.
"""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases.models import Case
from docstore.cases.scope import Scope
from docstore.core.errors import Forbidden, NotFound
from docstore.documents.models import Document, Filing
from docstore.documents.visibility import visible_to
from docstore.retention.vocabulary import Record, RecordKind


def managed_courts(actor: Actor) -> frozenset[str] | None:
    """Return the courts whose records the actor manages; None for all of them."""
    held = [one.court for one in actor.roles if Permission.MANAGE_RECORDS in one.role.permissions]
    return None if "" in held else frozenset(held)


def managed_cases(actor: Actor) -> QuerySet[Case]:
    """Return the cases whose records the actor manages: none for those who manage none."""
    if not actor.may(Permission.MANAGE_RECORDS):
        return Case.objects.none()
    courts = managed_courts(actor)
    rows = Case.objects.all() if courts is None else Case.objects.filter(court__code__in=courts)
    return rows.exclude(pk__in=Scope.of(actor).excluded_cases)


def is_managed(actor: Actor, document: str = "document") -> Exists:
    """Return whether what a row leads to by `document` has its home on a case whose records the actor manages."""
    home = Filing.objects.filter(document=OuterRef(document), is_home=True, ended_at__isnull=True)
    return Exists(home.filter(case__in=managed_cases(actor)))


def case_seen(actor: Actor, case_id: UUID, permission: Permission) -> Case:
    """Return a case that the actor manages or may open, if a role by which they reach it carries `permission`."""
    whole = Case.objects.select_related("court", "case_type")
    managed = whole.filter(pk__in=managed_cases(actor)).filter(pk=case_id).first()
    if managed is not None and actor.may(permission):
        return managed
    scope = Scope.of(actor)
    seen = whole.filter(pk__in=scope.cases()).filter(pk=case_id).first() or managed
    if seen is None:
        raise NotFound
    if not scope.allows_on(seen, permission):
        raise Forbidden
    return seen


def document_seen(actor: Actor, document_id: UUID, permission: Permission) -> Document:
    """Return a document of a case that the actor manages, or one that they may open, likewise."""
    managed = Document.objects.filter(pk=document_id, filings__case__in=managed_cases(actor)).distinct().first()
    if managed is not None and actor.may(permission):
        return managed
    seen = visible_to(Scope.of(actor)).filter(pk=document_id).first()
    if seen is None:
        raise NotFound
    actor.require(permission)
    return seen


def record_seen(actor: Actor, record: Record, permission: Permission) -> None:
    """Raise unless the actor may do this with the record."""
    seen = case_seen if record.kind is RecordKind.CASE else document_seen
    seen(actor, record.id, permission)
