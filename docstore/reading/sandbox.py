"""The sandbox's parent side: which command line starts a parser that can reach nothing (SEC-33).

bubblewrap gives no network, no other process, no file but the system's own read-only, an empty environment and one
scratch
folder. Where it is missing only limits hold, `is_available` says so, and production refuses to start.
"""

import compileall
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path

MIB = 1024 * 1024
ROOM = Path(__file__).parent
APP = "/app"
SCRATCH = "/scratch"
NOBODY = "65534"
# The only modules of the product that a child can see.
SHOWN = (
    ("docstore/__init__.py", ROOM.parent / "__init__.py"),
    ("docstore/reading/__init__.py", ROOM / "__init__.py"),
    ("docstore/reading/shapes.py", ROOM / "shapes.py"),
    ("docstore/reading/quality.py", ROOM / "quality.py"),
    ("docstore/reading/archives.py", ROOM / "archives.py"),
    ("docstore/reading/text_bytes.py", ROOM / "text_bytes.py"),
    ("docstore/reading/tongues.py", ROOM / "tongues.py"),
    ("docstore/reading/ocr", ROOM / "ocr"),
    ("docstore/reading/child", ROOM / "child"),
)
DATA_PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)
# How a worker's children stand behind everything at which a person waits, such as the check of a paper that is being filed.
BEHIND = 10
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/tmp", "OMP_THREAD_LIMIT": "1"}  # noqa: S108 - the sandbox's own


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use.

    Bytes of memory and of one file, seconds of processor, descriptors, processes, pixels of a picture.
    """

    memory: int = 640 * MIB
    addresses: int = 2048 * MIB
    file: int = 768 * MIB
    processor: int = 1_800
    descriptors: int = 64
    processes: int = 32
    pixels: int = 100_000_000

    def of_process(self, *, sandboxed: bool) -> dict[str, int]:
        """As the names that setrlimit knows.

        Processes are counted only inside: outside they would count the whole user's.
        """
        limits = {
            "RLIMIT_DATA": self.memory,
            "RLIMIT_AS": self.addresses,
            "RLIMIT_FSIZE": self.file,
            "RLIMIT_CPU": self.processor,
            "RLIMIT_NOFILE": self.descriptors,
            "RLIMIT_CORE": 0,
        }
        return {**limits, "RLIMIT_NPROC": self.processes} if sandboxed else limits


@cache
def is_available() -> bool:
    """Whether bubblewrap is here and can make namespaces; tried once per process."""
    program = shutil.which("bwrap")
    if program is None:
        return False
    tried = subprocess.run(
        [program, "--unshare-all", "--ro-bind", "/", "/", "--", "/bin/true"],
        capture_output=True,
        timeout=20,
        check=False,
    )
    return tried.returncode == 0


def language_data() -> str:
    """The folder of OCR language data: as the operator says, else where the system keeps it."""
    for place in (os.environ.get("TESSDATA_PREFIX", ""), *DATA_PLACES):
        if place and (Path(place) / "eng.traineddata").exists():
            return place
    return DATA_PLACES[0]


@cache
def _compiled() -> None:
    """Compile what children import, once per process: they may write nothing, so each would compile it anew."""
    for _, place in SHOWN:
        if place.is_dir():
            compileall.compile_dir(place, quiet=2)
        else:
            compileall.compile_file(place, quiet=2)


def _shown() -> Iterator[tuple[str, str]]:
    """The product's modules as a child sees them: those that stand alone with what was compiled of them."""
    for name, place in SHOWN:
        yield str(place), f"{APP}/{name}"
        compiled = Path(cache_from_source(str(place)))
        if compiled.is_file():
            yield str(compiled), cache_from_source(f"{APP}/{name}")


def reader_command(scratch: Path, limits: Limits, *, engine: str, warm: bool) -> list[str]:
    """The command line of a reading child."""
    sandboxed = is_available()
    libraries = _libraries()
    _compiled()
    told = {
        "paths": [APP if sandboxed else str(ROOM.parent.parent), *libraries],
        "limits": limits.of_process(sandboxed=sandboxed),
        "language_data": language_data(),
        "scratch": SCRATCH if sandboxed else str(scratch),
        "engine": engine,
        "warm": warm,
        "nice": BEHIND if warm else 0,
        "pixels": limits.pixels,
    }
    python = str(Path(sys.executable).resolve())
    start = f"{APP}/docstore/reading/child/start.py" if sandboxed else str(ROOM / "child" / "start.py")
    inner = [python, "-I", "-S", "-B", "-X", "utf8", start, json.dumps(told)]
    if not sandboxed:
        return inner
    seen = [(place, place) for place in (sys.base_prefix, *libraries, language_data())]
    return [*_walls(scratch, [*seen, *_shown()], {}), "--", *inner]


def program_command(
    scratch: Path, program: Sequence[str], limits: Limits, environment: Mapping[str, str] | None = None
) -> list[str]:
    """The command line of another program in the same walls.

    Limits come from prlimit, which ends in the program itself. `environment` is added to the sandbox's own.
    """
    sandboxed = is_available()
    held = [f"--{flag}={value}" for flag, value in _program_limits(limits)]
    inner = ["/usr/bin/prlimit", *held, "--", *program]
    extra = [("/etc/libreoffice", "/etc/libreoffice")] if Path("/etc/libreoffice").exists() else []
    return [*_walls(scratch, extra, environment or {}), "--", *inner] if sandboxed else inner


def _program_limits(limits: Limits) -> list[tuple[str, int]]:
    return [("data", limits.memory), ("fsize", limits.file), ("cpu", limits.processor), ("core", 0)]


def _walls(scratch: Path, seen: Sequence[tuple[str, str]], environment: Mapping[str, str]) -> list[str]:
    walls = [
        "/usr/bin/env",
        "-i",
        shutil.which("bwrap") or "bwrap",
        "--unshare-all",
        "--die-with-parent",
        "--new-session",
    ]
    walls += ["--clearenv", "--cap-drop", "ALL", "--uid", NOBODY, "--gid", NOBODY, "--hostname", "reading"]
    for name, value in {**ENVIRONMENT, **environment}.items():
        walls += ["--setenv", name, value]
    walls += ["--ro-bind", "/usr", "/usr"]
    for link in ("bin", "lib", "lib64"):
        walls += (
            ["--symlink", f"usr/{link}", f"/{link}"]
            if Path(f"/{link}").is_symlink()
            else ["--ro-bind-try", f"/{link}", f"/{link}"]
        )
    for place in ("/etc/ld.so.cache", "/etc/fonts", "/etc/alternatives"):
        walls += ["--ro-bind-try", place, place]
    walls += ["--proc", "/proc", "--dev", "/dev", "--size", str(256 * MIB), "--tmpfs", "/tmp"]  # noqa: S108 - the sandbox's own
    for source, target in seen:
        walls += ["--ro-bind", source, target]
    return [*walls, "--bind", str(scratch), SCRATCH, "--remount-ro", "/", "--chdir", SCRATCH]


def _libraries() -> list[str]:
    paths = sysconfig.get_paths()
    return list(dict.fromkeys([paths["purelib"], paths["platlib"]]))
