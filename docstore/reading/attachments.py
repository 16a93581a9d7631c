"""Taking files out of messages. Each is checked like anything that comes through the door: virus, type, what is inside.

What may not be taken stays inside the message, which is kept whole, and the message says so.
"""

import io
import tempfile
import uuid
from pathlib import Path
from uuid import UUID

from docstore.core.errors import Refusal
from docstore.core.hashing import sha256_hex
from docstore.documents import progress
from docstore.documents.attachments import depth_of, file_attachment, has_attachment
from docstore.documents.models import Filing, Stage, Version
from docstore.documents.names import shown
from docstore.documents.received import Received, vault_key
from docstore.documents.vault import vault
from docstore.reading.actions import Examined, examine
from docstore.reading.formats import MESSAGES
from docstore.reading.sessions import reader_of
from docstore.reading.shapes import Attachment

DEEPEST = 3
NOT_TAKEN = "{name} stays inside the message. {why}"
TOO_LARGE = "It is larger than can be taken out of a message; ask the sender for it."
EMPTY = "Its bytes are not in the message."
TOO_DEEP = "It is wrapped in more messages than are opened."


def unpack(version_id: UUID) -> None:
    """File everything that a message carries; safe to repeat. Raises what reading raises."""
    version = Version.objects.select_related("document").filter(pk=version_id).first()
    if version is None or not version.is_served or version.media_type not in set(MESSAGES):
        return
    not_taken: list[str] = []
    with reader_of(version) as reader:
        for one in reader.attachments():
            if has_attachment(version_id, one.number):
                continue
            try:
                _take(version, one)
            except Refusal as refusal:
                not_taken.append(NOT_TAKEN.format(name=shown(one.name), why=refusal))
            except NotThere as why:
                not_taken.append(NOT_TAKEN.format(name=shown(one.name), why=why))
    progress.note_version(version_id, note=" ".join(not_taken))


class NotThere(Exception):
    """The bytes of an attachment cannot be had."""


def _take(version: Version, one: Attachment) -> None:
    if one.content is None:
        raise NotThere(TOO_LARGE)
    if not one.content:
        raise NotThere(EMPTY)
    if depth_of(version) >= DEEPEST:
        raise NotThere(TOO_DEEP)
    with tempfile.NamedTemporaryFile(prefix="docstore-attached-") as kept:
        kept.write(one.content)
        kept.flush()
        found = examine(
            Path(kept.name),
            name=one.name,
            declared=None,
            size=len(one.content),
            may_confirm=False,
            confirmed=False,
        )
    received = _store(version, one, one.content, found)
    file_attachment(carrier_id=version.pk, number=one.number, title=shown(one.name), received=received)


def _store(version: Version, one: Attachment, content: bytes, found: Examined) -> Received:
    """Put the bytes where they stay. A repeated try puts them under another key; the sweeper finds what nobody refers to."""
    document_id, digest = uuid.uuid4(), sha256_hex([content])
    home = Filing.objects.get(document=version.document_id, is_home=True, ended_at__isnull=True)
    key = vault_key(case_id=home.case_id, document_id=document_id, number=1, sha256=digest)
    kept = vault().put(key, io.BytesIO(content), sha256=digest, size=len(content), media_type=found.media_type)
    return Received(
        document_id=document_id,
        version_id=uuid.uuid4(),
        number=1,
        key=key,
        sha256=digest,
        size=len(content),
        media_type=found.media_type,
        original_name=one.name.replace("\x00", "")[:1000],
        stage=Stage(found.stage),
        stage_reason=found.reason,
        scanned_by=found.scanner,
        kept=kept,
    )
