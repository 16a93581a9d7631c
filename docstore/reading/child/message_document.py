"""E-mail and Outlook messages as a document: main headers, text, names of what is attached – and the attached files."""

import email
import email.policy
from collections.abc import Sequence
from email.message import EmailMessage, MIMEPart
from pathlib import Path
from typing import cast

import oxmsg
from oxmsg.attachment import Attachment as OutlookAttachment

from docstore.reading.child.outcomes import Refused
from docstore.reading.child.sources import Carried
from docstore.reading.child.text_document import LONGEST_BODY, TextDocument, plain_of
from docstore.reading.text_bytes import decode

SHOWN_HEADERS = ("From", "To", "Cc", "Date", "Subject")
MOST_ATTACHED = 200
NAMELESS = "attached file"
# Whatever the libraries throw at a message that is none.
DAMAGED = (ValueError, LookupError, TypeError, AttributeError, RecursionError, OSError, AssertionError, StopIteration)


class MessageDocument(TextDocument):
    """A message, laid out as text, and what it carries."""

    def __init__(self, text: str, carried: Sequence[Carried]) -> None:
        super().__init__(text)
        self._carried = tuple(carried)

    def attachments(self) -> Sequence[Carried]:
        """The attached files in their order."""
        return self._carried


def open_mail(path: Path, most_pixels: int) -> MessageDocument:
    """Read an e-mail as it travels (RFC 5322)."""
    del most_pixels
    try:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        carried = [_carried(part) for part in list(message.iter_attachments())[:MOST_ATTACHED]]
        heads = [(name, str(value)) for name in SHOWN_HEADERS if (value := message.get(name))]
        return MessageDocument(_laid_out(heads, _body(message), carried), carried)
    except DAMAGED as error:
        raise Refused("Malformed", what="it is not a complete message") from error


def open_outlook(path: Path, most_pixels: int) -> MessageDocument:
    """Read a message as Outlook saves it (.msg)."""
    del most_pixels
    try:
        message = oxmsg.Message.load(path.read_bytes())
        carried = [_carried_by_outlook(one) for one in message.attachments[:MOST_ATTACHED]]
        to = ", ".join(f"{one.name} <{one.email_address}>" for one in message.recipients)
        when = message.sent_date.strftime("%a, %d %b %Y %H:%M %z") if message.sent_date else ""
        told = {"From": message.sender, "To": to, "Date": when, "Subject": message.subject}
        body = message.body or plain_of(message.html_body or "")
        heads = [(name, value) for name, value in told.items() if value]
        return MessageDocument(_laid_out(heads, body, carried), carried)
    except DAMAGED as error:
        raise Refused("Malformed", what="it is not a complete message") from error


def _laid_out(heads: Sequence[tuple[str, str]], body: str, carried: Sequence[Carried]) -> str:
    lines = [f"{name}: {value}" for name, value in heads]
    attached = [f"Attached: {one.name}" for one in carried]
    return "\n".join([*lines, "", body[:LONGEST_BODY], "", *attached])


def _body(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    text = _content(body)[:LONGEST_BODY]
    return plain_of(text) if body.get_content_subtype() == "html" else text


def _content(part: MIMEPart) -> str:
    """The text of a part, in the encoding that it claims or else as it looks."""
    try:
        return str(part.get_content())
    except LookupError:
        raw = part.get_payload(decode=True)
        return (decode(raw) or "") if isinstance(raw, bytes) else ""


def _carried(part: EmailMessage) -> Carried:
    """An attached file; a forwarded message becomes a file of its own."""
    if part.get_content_type() == "message/rfc822":
        inner = cast(EmailMessage, part.get_payload(0))
        name = part.get_filename() or f"{inner.get('Subject') or 'forwarded message'}.eml"
        return Carried(_plain(name), inner.as_bytes())
    raw = part.get_payload(decode=True)
    return Carried(_plain(part.get_filename() or NAMELESS), raw if isinstance(raw, bytes) else b"")


def _carried_by_outlook(one: OutlookAttachment) -> Carried:
    return Carried(_plain(one.file_name or NAMELESS), one.file_bytes or b"")


def _plain(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[:200]
