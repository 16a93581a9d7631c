"""The station's day: look at the folder, write down what is new, carry every batch a step further, say how things stand.

One fault stops one batch and never the loop. Waiting is counted on a clock that nobody can set.
"""

import logging
import shutil
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from watchfiles import watch

from station import clock, gathering, notes, shelves, statements, tidying
from station.courier import Courier
from station.folder import Folder
from station.journal import Batch, Journal
from station.outcomes import BatchWaits, Exit, ReceiptForged, Refused, ServerAway, Stopped
from station.server import VERSION, Server
from station.settings import Settings
from station.trust import Trust

log = logging.getLogger("station")

HEARTBEAT_SECONDS = 60.0
FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0
ASK_AGAIN_SECONDS = 2.0


class Agent:
    """One station at work."""

    def __init__(self, settings: Settings, journal: Journal, server: Server) -> None:
        self._settings = settings
        self._journal = journal
        self._server = server
        self._folder = Folder(
            settings.watch, settle_seconds=settings.settle_seconds, leave_out={settings.done, settings.failed}
        )
        self._trust = Trust(journal, server, settings.state)
        self._courier = Courier(settings, journal, server, self._trust, between=self._beat_if_due)
        self._ahead = timedelta(0)
        self._later: dict[int, tuple[float, float]] = {}
        self._next_beat = 0.0
        self._next_server_try = 0.0
        self._wait = FIRST_WAIT
        self._trouble: Stopped | None = None
        self._waits: list[str] = []
        self._growing = 0

    def run(self, stop: threading.Event) -> Exit:
        """Work until told to stop. The watcher says early that something changed; the rescan is what is relied upon."""
        log.info("Watching %s for %s", self._settings.watch, self._settings.server)
        while not stop.is_set():
            self.round()
            self._rest(stop)
        return Exit.ALL_SAFE

    def once(self, *, longest: float, stop: threading.Event | None = None) -> Exit:
        """Send what lies there, wait for its receipts up to so many seconds, and say how it ended."""
        pause = stop or threading.Event()
        failed, until = self._journal.counts().get("failed", 0), clock.monotonic() + longest
        while True:
            self.round()
            busy = bool(self._growing or self._journal.batches_at_work())
            if not busy or self._is_hopeless() or clock.monotonic() > until or pause.is_set():
                break
            pause.wait(min(ASK_AGAIN_SECONDS, max(0.2, self._settings.settle_seconds)))
        if self._trouble is not None:
            return self._trouble.code
        if busy or self._waits:
            return Exit.STILL_WAITING
        return Exit.NEEDS_A_PERSON if self._journal.counts().get("failed", 0) > failed else Exit.ALL_SAFE

    def round(self) -> None:
        """Do everything that can be done just now."""
        self._trouble = None
        try:
            self._gather()
            if clock.monotonic() >= self._next_server_try:
                self._talk()
                self._wait = FIRST_WAIT
            else:
                self._trouble = ServerAway("The server could not be reached a moment ago; it is tried again shortly.")
        except Stopped as trouble:
            self._heed(trouble)
        except OSError as error:
            self._heed(Stopped(f"A file or folder cannot be used: {error}. Nothing was lost; it is tried again."))
        self._say_how_things_stand()

    def _gather(self) -> None:
        settled, growing = self._folder.look()
        self._growing = len(growing)
        self._waits = gathering.gather(self._settings, self._journal, settled, growing, self._ahead)

    def _talk(self) -> None:
        self._beat_if_due()
        first: Stopped | None = None
        for batch in self._journal.batches_at_work():
            if clock.monotonic() < self._later.get(batch.id, (0.0, 0.0))[0]:
                continue
            if trouble := self._advance(batch):
                first = first or trouble
                wait = min(LONGEST_WAIT, 2 * self._later.get(batch.id, (0.0, FIRST_WAIT / 2))[1])
                self._later[batch.id] = (clock.monotonic() + wait, wait)
        statements.post_if_due(self._journal, self._server, self._settings, self._ahead)
        tidying.tidy(self._settings, self._journal, self._trust, self._ahead)
        if first is not None:
            raise first

    def _advance(self, batch: Batch) -> Stopped | None:
        """Carry one batch on; what concerns it alone is returned, what concerns all is raised."""
        try:
            self._courier.advance(batch.id)
        except Refused as no:
            return Stopped(f"Batch {batch.external_id} is refused: {no.sentence}")
        except OSError as error:
            return Stopped(f"A file of batch {batch.external_id} cannot be used: {error}. It is tried again.")
        except (BatchWaits, ReceiptForged) as trouble:
            return trouble
        return None

    def _beat_if_due(self) -> None:
        if clock.monotonic() < self._next_beat:
            return
        me = self._server.me()
        self._ahead = clock.skew(str(me["server_time"])) if me.get("server_time") else timedelta(0)
        waiting = len(self._journal.batches_at_work())
        self._server.heartbeat(
            {
                "agent_version": VERSION,
                "queue_depth": waiting,
                "free_bytes": shutil.disk_usage(self._settings.state).free,
                "last_error": self._journal.fact("last-error")[:500],
            }
        )
        self._next_beat = clock.monotonic() + HEARTBEAT_SECONDS

    def _heed(self, trouble: Stopped) -> None:
        self._trouble = trouble
        log.warning("%s", trouble)
        if isinstance(trouble, ServerAway):
            self._next_server_try = clock.monotonic() + (trouble.retry_after or self._wait)
            self._wait = min(LONGEST_WAIT, self._wait * 2)
        if trouble.code is not Exit.DISK_TROUBLE:
            self._journal.remember("last-error", str(trouble))

    def _is_hopeless(self) -> bool:
        """Whether a single run had better end than wait: no key, no disk, or a receipt that is not the court's."""
        return self._trouble is not None and self._trouble.code in (
            Exit.KEY_REFUSED,
            Exit.DISK_TROUBLE,
            Exit.RECEIPT_FORGED,
        )

    def _say_how_things_stand(self) -> None:
        """Write status.txt; where even that cannot be written, the log must do."""
        warnings = [clock.words_for(self._ahead)] if abs(self._ahead) > clock.WORTH_A_WARNING else []
        try:
            page = notes.status(
                at=clock.stamp(clock.now() + self._ahead),
                trouble=str(self._trouble or ""),
                counts=self._journal.counts(),
                waits=self._waits,
                advice=self._advice(),
                warnings=warnings,
            )
            shelves.write_whole(self._settings.watch / "status.txt", page)
        except (OSError, Stopped) as error:
            log.warning("status.txt cannot be written: %s", error)

    def _advice(self) -> Sequence[str]:
        """What the quick check saw in what is on its way, for as long as the paper is probably on the desk."""
        return [
            f"{item.path.name}: {item.advice}"
            for batch in self._journal.batches_at_work()
            for item in self._journal.items(batch.id)
            if item.advice
        ]

    def _rest(self, stop: threading.Event) -> None:
        """Sleep until something changes in the folder, a batch is to be asked for, or the rescan is due."""
        busy = self._growing or self._journal.batches_at_work()
        seconds = (
            min(self._settings.rescan_seconds, max(1.0, self._settings.settle_seconds))
            if busy
            else self._settings.rescan_seconds
        )
        wait_for_change(self._settings.watch, seconds, stop, polling=self._settings.poll_folder)


def wait_for_change(folder: Path, seconds: float, stop: threading.Event, *, polling: bool) -> None:
    """Return on a change, after so many seconds, or when told to stop. A share that went away only costs the early word."""
    try:
        for _ in watch(
            folder,
            stop_event=stop,
            rust_timeout=int(seconds * 1000),
            yield_on_timeout=True,
            force_polling=polling or None,
            raise_interrupt=False,
            watch_filter=lambda _, path: "status.txt" not in path,
        ):
            return
    except (OSError, RuntimeError) as error:
        log.warning("The folder cannot be watched (%s); it is looked at every %d seconds.", error, seconds)
        stop.wait(seconds)
