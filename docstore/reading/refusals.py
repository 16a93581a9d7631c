"""Why a file cannot be taken or read: sentences for the person who filed it. Codes as in the problem registry."""

from docstore.core.errors import Refusal


class EmptyFile(Refusal):
    """The file is empty. Check that the scan or the copy was complete, and send it again."""

    code = "empty-file"
    status = 422


class TypeNotAccepted(Refusal):
    """Docstore does not take {found}.

    Send the paper as PDF, as a picture (JPEG, PNG, TIFF, WebP, HEIC), as plain text or as an office document.
    """

    code = "type-not-accepted"
    status = 415


class TypeMismatch(Refusal):
    """The file is called {name} but its content is {found}.

    Check that it is the right file, and give it the right name.
    """

    code = "type-mismatch"
    status = 415


class PasswordProtected(Refusal):
    """The file needs a password to open. Save it without the password and send it again."""

    code = "password-protected"
    status = 422


class Malformed(Refusal):
    """The file is damaged beyond repair: {what}. Save or scan it again and send the new file."""

    code = "malformed"
    status = 422


class ActiveContent(Refusal):
    """The file contains {what}.

    Print it to a new PDF and send that; court staff may file it as it is after confirming.
    """

    code = "active-content"
    status = 422


class ActiveContentToConfirm(ActiveContent):
    """The file contains {what}.

    It is kept as it came, and its pages are shown without them. Confirm to file it all the same.
    """

    status = 409


class TooManyPages(Refusal):
    """The file has {pages} pages; at most {limit} can be taken at once. Split it and send the parts."""

    code = "too-large"
    status = 413


class PageTooLarge(Refusal):
    """Page {number} is too large to be shown: {size}. Save or scan it at a smaller size and send it again."""

    code = "too-large"
    status = 413


class ArchiveInvalid(Refusal):
    """The file is packed in a way that Docstore does not open: {what}. Save it again with the program that made it."""

    code = "archive-invalid"
    status = 422


class TakesTooLong(Refusal):
    """The file could not be checked within {seconds} seconds, so it was not taken.

    Print it to a new PDF and send that.
    """

    code = "malformed"
    status = 422
