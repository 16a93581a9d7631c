"""How reading can fail for reasons of its own: a child that died, ran out of time or of memory, a sandbox that is
missing.

`lighter` says that the same page may succeed at a lower resolution; `transient` that the same work may succeed later.
"""

from typing import ClassVar


class ReadingFault(Exception):
    """The document could not be read just now: {reason}."""

    lighter: ClassVar[bool] = False
    transient: ClassVar[bool] = True

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        super().__init__(" ".join((type(self).__doc__ or "").split()).format(reason=reason))


class ReaderDied(ReadingFault):
    """Reading this page ended the reading program ({reason}).

    The page is set aside; the rest of the document is read.
    """

    lighter = True


class ReaderOutOfMemory(ReadingFault):
    """This page needs more memory than a page may use ({reason}).

    The page is set aside; the rest of the document is read.
    """

    lighter = True
    transient = False


class ReaderTimedOut(ReadingFault):
    """Reading this page took longer than {reason}. The page is set aside; the rest of the document is read."""

    lighter = True
    transient = False


class PageUnreadable(ReadingFault):
    """This page is damaged and cannot be shown ({reason}). The rest of the document is read."""

    transient = False


class KeptOnly(ReadingFault):
    """This is {reason}. It is kept as it came and can be downloaded; what is said and seen in it is not read."""

    transient = False


class SandboxMissing(ReadingFault):
    """Files may only be opened inside the sandbox, and it cannot be started ({reason}).

    Install bubblewrap and start again.
    """
