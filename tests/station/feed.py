"""A folder of scans, through the agent, against a court that runs; then what ended where, with every receipt verified offline.

    python -m tests.station.feed ../shared/samples --server http://127.0.0.1:8140 [--state var] [--most 80]

Every second scan is named after an open case, as a scanning clerk would, and must end on that case and no other; the
rest bear no number and must end on the case that they name themselves, or before a person. A demo court hands out the
keys that this needs (`demo_key`). Exit code 0 only where every scan is accounted for.
"""

import argparse
import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
KINDS = {".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"}
PATTERN = r"(?P<case>[0-9A-Z]{8,})__.*"
WAIT, RUNS = 900, 4


@dataclass(frozen=True, slots=True)
class Scan:
    """One file as it was fed: its digest, and the case that its name says."""

    name: str
    sha256: str
    case: str


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of it."""

    scan: Scan
    where: str
    is_right: bool


class Court:
    """A running demo court, as a clerk and a station see it."""

    def __init__(self, server: str, state: str) -> None:
        self.server, self._state = server, state
        self.station, clerk = self._key("station"), self._key("clerk")
        self._as_clerk = httpx.Client(base_url=server, headers={"Authorization": f"Bearer {clerk}"}, timeout=60)
        self._as_station = httpx.Client(
            base_url=server, headers={"Authorization": f"Bearer {self.station}"}, timeout=60
        )

    def _key(self, who: str) -> str:
        command = [sys.executable, "manage.py", "demo_key", who]
        environment = {**os.environ, "DOCSTORE_STATE": self._state, "DOCSTORE_ENV": "demo"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def open_case(self) -> tuple[str, str]:
        """An open case of the station's court: its id, and a number of it that a file can be named after."""
        for case in self._as_clerk.get("/api/v1/cases").raise_for_status().json()["results"]:
            for one in case["references"]:
                if case["status"].upper() == "OPEN" and one["value"].isalnum():
                    return case["id"], one["value"]
        raise SystemExit("The court has no open case with a plain number.")

    def items(self, batch: str) -> dict[str, Any]:
        told = self._as_station.get(f"/api/v1/batches/{batch}").raise_for_status().json()
        return {one["sha256"]: one for one in told["items"]}

    def case_of(self, document: str) -> list[str]:
        """The cases on which a document is."""
        told = self._as_clerk.get(f"/api/v1/documents/{document}").raise_for_status().json()
        return [str(told["case"])] if "case" in told else [str(one["case"]) for one in told["filings"]]


class Pc:
    """A scanning PC with an agent of its own, thrown away afterwards."""

    def __init__(self, home: Path, court: Court) -> None:
        self.scans, self._notes, self._court = home / "scans", home / "notes", court
        self.scans.mkdir()
        self._settings = home / "station.toml"
        lines = {"server": court.server, "watch": str(self.scans), "state": str(self._notes), "name_pattern": PATTERN}
        text = "".join(f"{name} = '{value}'\n" for name, value in lines.items())
        self._settings.write_text(f"{text}settle_seconds = 0.2\nquick_check = false\n")

    def take(self, files: Sequence[Path], number: str) -> list[Scan]:
        """Lay the scans into the folder, every second one named after the case."""
        found = []
        for at, file in enumerate(files):
            plain = f"{at:04d}-{file.stem[:40]}{file.suffix.lower()}".replace(" ", "-")
            name = plain if at % 2 else f"{number}__{plain}"
            shutil.copyfile(file, self.scans / name)
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            found.append(Scan(name, digest, "" if at % 2 else number))
        return found

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "station", "--settings", str(self._settings), *arguments]
        known = {**os.environ, "DOCSTORE_STATION_KEY": self._court.station, **environment}
        return subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, check=False)

    def receipts(self) -> Iterator[tuple[str, bool]]:
        """Every batch with a receipt, and whether that verifies without any network."""
        away = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
        for place in sorted(self.scans.glob("done/*/receipt.json")):
            payload = json.loads(_payload(place))
            held = self.run("verify", str(place), "--keys", str(self._notes / "receipt-keys.json"), **away)
            yield str(payload["batch"]), held.returncode == 0

    def set_aside(self) -> set[str]:
        return {one.name for one in (self.scans / "failed").glob("*") if one.suffix != ".txt"}

    def left(self) -> set[str]:
        return {one.name for one in self.scans.iterdir() if one.is_file() and one.name != "status.txt"}


def _payload(place: Path) -> bytes:
    told = json.loads(place.read_text())
    return base64.b64decode(told["payload"])


def account(court: Court, pc: Pc, scans: Sequence[Scan], case: str) -> tuple[list[Ended], list[str]]:
    """Return what became of every scan, and the batches whose receipts do not verify."""
    items: dict[str, Any] = {}
    bad = []
    for batch, holds in pc.receipts():
        items |= court.items(batch)
        bad += [] if holds else [batch]
    aside, left = pc.set_aside(), pc.left()
    return [_ended(court, one, items, aside, left, case) for one in scans], bad


def _ended(court: Court, scan: Scan, items: dict[str, Any], aside: set[str], left: set[str], case: str) -> Ended:
    item = items.get(scan.sha256)
    if item is None or item["state"] == "rejected":
        if scan.name in aside:
            return Ended(scan, "set aside by the agent, with its reason", True)
        return Ended(scan, "still in the folder" if scan.name in left else "nowhere", False)
    if item["state"] == "needs_attention":
        return Ended(scan, f"before a person: {item['code']}", True)
    cases = {one for document in item["documents"] for one in court.case_of(document)}
    if scan.case:
        return Ended(
            scan, "on the case that it was named after" if cases == {case} else "on another case", cases == {case}
        )
    return Ended(scan, "on a case by its own words", len(cases) == 1)


def main() -> int:
    """Feed, wait, compare, say."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--server", default="http://127.0.0.1:8000")
    options.add_argument("--state", default=os.environ.get("DOCSTORE_STATE", "var"), help="state folder of the court")
    options.add_argument("--most", type=int, default=1000)
    options.add_argument("--largest", type=int, default=40, help="leave out files of more MB than this")
    chosen = options.parse_args()
    files = [one for one in sorted(chosen.folder.rglob("*")) if one.suffix.lower() in KINDS]
    files = [one for one in files if one.stat().st_size <= chosen.largest * 1024 * 1024][: chosen.most]
    court = Court(chosen.server, chosen.state)
    case, number = court.open_case()
    with tempfile.TemporaryDirectory(prefix="docstore-feed-") as home:
        pc = Pc(Path(home), court)
        scans, begun = pc.take(files, number), time.monotonic()
        for _ in range(RUNS):
            ran = pc.run("run", "--once", "--wait", str(WAIT))
            if not pc.left():
                break
        spent = time.monotonic() - begun
        found, bad = account(court, pc, scans, case)
    for one in found:
        print(f"{'' if one.is_right else 'WRONG '}{one.scan.name}: {one.where}")
    print(f"\n{len(scans)} scans in {spent:.0f} s; the agent ended with {ran.returncode}")
    for where, count in Counter(one.where for one in found).most_common():
        print(f"{count:5} {where}")
    print(f"receipts that do not verify offline: {len(bad)}")
    return 1 if bad or not all(one.is_right for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
