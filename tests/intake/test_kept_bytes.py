"""What the storage answers when bytes are put is saved with the row that says where they lie, at every door (RET-J2)."""

import hashlib
from collections.abc import Iterable
from typing import Any

import pytest
from django.core.files.storage import storages

from docstore.documents.kept import UNNAMED, Kept
from docstore.documents.kept_models import KeptBytes
from docstore.documents.models import Version
from docstore.documents.vault import vault
from docstore.intake import drafts
from docstore.intake.draft_models import Draft
from docstore.intake.models import Item
from tests.api.client import Api
from tests.courts import TwoCourts, incoming
from tests.intake.sending import Sender

pytestmark = pytest.mark.django_db


def in_storage(key: str) -> Kept:
    """What a look at the storage itself says of the one version under a key."""
    if not vault().has_legal_holds:
        return UNNAMED  # a folder has neither versions nor tags
    storage: Any = storages["vault"]
    listed = storage.connection.meta.client.list_object_versions(Bucket=storage.bucket_name, Prefix=key)
    [one] = [one for one in listed["Versions"] if one["Key"] == key]
    return Kept(one["VersionId"], one["ETag"].strip('"'))


def check(rows: Iterable[KeptBytes]) -> None:
    for row in rows:
        key, sha256 = row.key, row.sha256  # type: ignore[attr-defined] # every model with these columns has them
        assert row.kept == in_storage(key)
        assert sha256 == hashlib.sha256(b"".join(vault().read(key))).hexdigest()


@pytest.mark.requirement("RET-J2")
def test_version_and_tag_of_the_storage_are_saved_with_every_row_that_names_bytes(courts: TwoCourts) -> None:
    person, station = Api(courts, "clerk"), Sender(courts)
    path = f"cases/{courts.case.pk}/documents"
    filed = person.upload(path, b"A letter", section="statements", title="Letter")
    assert filed.status_code in (201, 202), filed.content
    station.send_all(b"A scanned paper", reference=str(courts.case.references.first()))
    drafts.receive_draft(by=courts.actor("clerk"), case_id=courts.case.pk, incoming=incoming(b"A draft", "draft.txt"))
    assert (Item.objects.count(), Draft.objects.count()) == (1, 1)
    check(Item.objects.all())
    check(Draft.objects.all())
    draft = Draft.objects.get()
    Draft.objects.update(section="statements", title="Draft")
    document = drafts.file_draft(by=courts.actor("clerk"), case_id=courts.case.pk, draft_id=draft.pk, dated_on=None)
    assert document.versions.get().kept == draft.kept
    assert Version.objects.count() >= 2
    check(Version.objects.all())
