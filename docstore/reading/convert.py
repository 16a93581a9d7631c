"""Office documents to PDF: LibreOffice, headless, in the same sandbox, with macros, links and updates off (SEC-36).

A conversion is kept under its document's key for an hour, so that the page jobs of several workers share one.
"""

import fcntl
import os
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from docstore.core.clock import seconds
from docstore.core.hashing import sha256_hex
from docstore.reading.faults import ReadingFault
from docstore.reading.fonts import FontSet, as_fontconfig
from docstore.reading.formats import Kind
from docstore.reading.sandbox import MIB, SCRATCH, Limits, is_available, program_command

KEPT_SECONDS = 3_600
# On the clock it may take longer than it may use of a processor, because a busy machine is not the document's fault.
CONVERT_SECONDS, CONVERT_PROCESSOR_SECONDS = 225, 90
MOST_PDF = 300 * MIB
FONTS = "fonts.conf"
LIMITS = Limits(memory=1_024 * MIB, file=512 * MIB, processor=CONVERT_PROCESSOR_SECONDS)
PROGRAMS = ("/usr/bin/soffice", "/usr/lib/libreoffice/program/soffice", "/opt/libreoffice/program/soffice")
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


class Unconverted(ReadingFault):
    """The document is kept as it came, but its pages cannot be shown: {reason}. Send a PDF of it as well."""

    transient = False


class ConverterMissing(Unconverted):
    """The document is kept as it came. Its pages will be shown as soon as {reason} is installed on this server.

    If it is urgent, send a PDF of it as well.
    """


def converter() -> str | None:
    """Return the program that converts office documents, where there is one."""
    return next((place for place in PROGRAMS if Path(place).exists()), None)


def convert(
    *, key: str, source: Callable[[], BinaryIO], kind: Kind, folder: Path, fonts: FontSet = FontSet.PLAIN
) -> Path:
    """Return the PDF of an office document, made now or within the last hour; raise Unconverted."""
    program = converter()
    if program is None:
        raise ConverterMissing("LibreOffice")
    kept = folder / "converted"
    kept.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(kept)
    target = kept / f"{sha256_hex([key.encode()])}.pdf"
    with target.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            _convert(program, source, kind, folder, target, fonts)
    os.utime(target)
    return target


def _convert(
    program: str, source: Callable[[], BinaryIO], kind: Kind, folder: Path, target: Path, fonts: FontSet
) -> None:
    scratch = Path(tempfile.mkdtemp(prefix=f"convert-{os.getpid()}-", dir=folder))
    try:
        with source() as given, (scratch / f"in.{kind.extension}").open("xb") as copy:
            shutil.copyfileobj(given, copy, MIB)
        profile = scratch / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(SETTINGS)
        (scratch / FONTS).write_text(as_fontconfig(fonts))
        _run(program, scratch, kind)
        _take_result(scratch / "out" / "in.pdf", target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _run(program: str, scratch: Path, kind: Kind) -> None:
    inside = SCRATCH if is_available() else str(scratch)
    command = [
        program,
        f"-env:UserInstallation=file://{inside}/profile",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
        *("--convert-to", "pdf", "--outdir", f"{inside}/out", f"{inside}/in.{kind.extension}"),
    ]
    shown = {"FONTCONFIG_FILE": f"{inside}/{FONTS}"}
    process = subprocess.Popen(
        program_command(scratch, command, LIMITS, shown),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(scratch), **shown},
        cwd="/",
    )
    try:
        process.wait(timeout=CONVERT_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Unconverted(f"converting it took longer than {CONVERT_SECONDS} seconds") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _take_result(made: Path, target: Path) -> None:
    """Take the result out of a folder that the converter owned: a plain file only, never through a link."""
    try:
        descriptor = os.open(made, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise Unconverted("LibreOffice could not open it") from error
    with os.fdopen(descriptor, "rb") as result:
        told = os.fstat(descriptor)
        if not stat.S_ISREG(told.st_mode) or told.st_size > MOST_PDF:
            raise Unconverted("its PDF would be larger than 300 MiB")
        part = target.with_suffix(".part")
        with part.open("wb") as copy:
            shutil.copyfileobj(result, copy, MIB)
    part.replace(target)


def _sweep(kept: Path) -> None:
    for old in kept.glob("*.pdf"):
        if seconds() - old.stat().st_mtime > KEPT_SECONDS:
            old.unlink(missing_ok=True)
