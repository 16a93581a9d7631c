"""Whether this station can work: each part, its state, and what to do."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from station import clock, shelves, testpage
from station.agent import Agent
from station.journal import Journal
from station.outcomes import Exit, Refused, Stopped
from station.server import Server
from station.settings import Settings

LITTLE_DISK = 1024**3
SOON = timedelta(days=30)
TEST_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor."""

    part: str
    well: bool
    sentence: str
    code: Exit = Exit.NEEDS_A_PERSON


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at every part."""
    yield from _folders(settings)
    yield from _disk(settings)
    server = Server(settings)
    try:
        yield from _server(server)
    finally:
        server.close()


def _folders(settings: Settings) -> Iterator[Finding]:
    for name, folder in (("scans", settings.watch), ("notes", settings.state)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as held:
                held.write(b"x")
                held.flush()
                os.fsync(held.fileno())
            yield Finding(f"folder of {name}", True, f"{folder} can be written.")
        except OSError as error:
            yield Finding(
                f"folder of {name}", False, f"{folder} cannot be written: {error.strerror}.", Exit.DISK_TROUBLE
            )


def _disk(settings: Settings) -> Iterator[Finding]:
    for folder in (settings.watch, settings.state):
        free = shutil.disk_usage(folder).free
        said = f"{free / 1024**3:.1f} GB are free under {folder}."
        yield Finding(
            "disk", free >= LITTLE_DISK, said if free >= LITTLE_DISK else f"{said} Make room.", Exit.DISK_TROUBLE
        )


def _server(server: Server) -> Iterator[Finding]:
    try:
        me = server.me()
    except Refused as no:
        yield Finding("key", False, no.sentence, Exit.KEY_REFUSED)
        return
    except Stopped as trouble:
        part = "key" if trouble.code is Exit.KEY_REFUSED else "network"
        yield Finding(part, False, str(trouble), trouble.code)
        return
    yield Finding("network", True, "The server answers.")
    yield _key((me.get("key") or {}).get("expires_at"))
    ahead = clock.skew(str(me["server_time"])) if me.get("server_time") else timedelta(0)
    well = abs(ahead) <= clock.WORTH_A_WARNING
    yield Finding("clock", well, "Right." if well else clock.words_for(ahead))


def _key(expires: object) -> Finding:
    if not expires:
        return Finding("key", True, "Accepted.")
    left = datetime.fromisoformat(str(expires)) - clock.now()
    return Finding(
        "key", left > SOON, f"Accepted until {expires}." + ("" if left > SOON else " Ask for the next one now.")
    )


def send_test_page(settings: Settings) -> Iterator[Finding]:
    """Send a page that says it is a test to the case set aside for that, and wait for its receipt."""
    if not settings.test_reference:
        yield Finding(
            "test page", False, "Name the case for tests as test_reference in the settings.", Exit.SETTINGS_WRONG
        )
        return
    with tempfile.TemporaryDirectory(dir=settings.state.parent, prefix="docstore-station-test-") as folder:
        watch, state = Path(folder) / "scans", Path(folder) / "notes"
        watch.mkdir()
        stamp = clock.stamp(clock.now())
        shelves.write_whole(watch / f"{settings.test_reference}_test.pdf", testpage.pdf(stamp))
        yield _sent(testpage.settings_for(settings, watch, state))


def _sent(settings: Settings) -> Finding:
    journal, server = Journal(settings.state), Server(settings)
    try:
        code = Agent(settings, journal, server).once(longest=TEST_SECONDS)
    finally:
        server.close()
        journal.close()
    well = code is Exit.ALL_SAFE
    said = "Sent, and its receipt holds." if well else f"It ended with {code.name.lower().replace('_', ' ')}."
    return Finding("test page", well, said, code)
