"""An agent as a process of its own, at a scanning PC of its own, beside a court that runs as processes of its own."""

import base64
import json
import os
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from station.receipts import read_keys, verify
from station.testpage import pdf
from tests.faults.product import ROOT, Product

LONGEST = 120.0


@dataclass
class Pc:
    """A scanning PC: a folder of scans, a folder of notes, settings, and a key in the environment."""

    home: Path
    product: Product
    key: str
    more: dict[str, object] = field(default_factory=dict)
    base: str = ""
    patience: float = 0.0

    def __post_init__(self) -> None:
        self.watch.mkdir(parents=True, exist_ok=True)

    @property
    def watch(self) -> Path:
        return self.home / "scans"

    @property
    def done(self) -> Path:
        return self.watch / "done"

    @property
    def failed(self) -> Path:
        return self.watch / "failed"

    def scan(self, name: str, content: bytes | None = None) -> bytes:
        """Put a scan into the folder, as a scanner would, and return its bytes."""
        made = pdf(f"{name} {uuid.uuid4().hex}") if content is None else content
        (self.watch / name).write_bytes(made)
        return made

    def settings(self) -> Path:
        chosen: dict[str, object] = {
            "server": self.base or f"http://127.0.0.1:{self.product.port}",
            "watch": str(self.watch),
            "state": str(self.home / "notes"),
            "settle_seconds": 0.1,
            "name_pattern": "(?P<case>[0-9A-Z]{8,})_",
            "quick_check": False,
            **self.more,
        }
        path = self.home / "station.toml"
        path.write_text("".join(f"{name} = {_toml(value)}\n" for name, value in chosen.items()))
        return path

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one command of the agent to its end."""
        return subprocess.run(
            [sys.executable, "-m", "station", "--settings", str(self.settings()), *arguments],
            cwd=ROOT,
            env={**os.environ, "DOCSTORE_STATION_KEY": self.key, **environment},
            capture_output=True,
            text=True,
            timeout=max(LONGEST * 2, self.patience),
        )

    def once(self, *, wait: float = LONGEST, **environment: str) -> subprocess.CompletedProcess[str]:
        """Send what is there and wait for the receipts."""
        self.patience = 2 * wait
        return self.run("run", "--once", "--wait", str(wait), **environment)

    def scanned_days_ago(self, number: str, *, batches: int, days: int) -> dict[str, bytes]:
        """A folder for each batch, with a scan in it, as they piled up while nobody could be reached."""
        scans = {}
        for at in range(batches):
            name = f"{number}_{at:05d}.pdf"
            (self.watch / f"{at:05d}").mkdir()
            scans[name] = self.scan(f"{at:05d}/{name}")
            then = time.time() - days * 86_400 + at
            for place in (self.watch / f"{at:05d}" / name, self.watch / f"{at:05d}"):
                os.utime(place, (then, then))
        return scans

    def not_sent(self) -> list[str]:
        """Scans that still lie in folders of their own."""
        return sorted(one.name for one in self.watch.glob("[0-9]*/*.pdf"))

    def in_order_of_custody(self) -> list[str]:
        """Scans in done/, in the order in which the court took them."""
        found = []
        for receipt in self.done.glob("*/receipt.json"):
            payload = json.loads(base64.b64decode(json.loads(receipt.read_text())["payload"]))
            found += [(payload["items"][0]["custody_at"], one.name) for one in receipt.parent.glob("*.pdf")]
        return [name for _at, name in sorted(found)]

    def waiting(self) -> list[str]:
        """Scans that still lie in the folder."""
        return sorted(one.name for one in self.watch.glob("*.pdf"))

    def kept(self) -> dict[str, bytes]:
        """Scans in done/, each only where its receipt beside it verifies and names its bytes."""
        found = {}
        keys = read_keys((self.home / "notes" / "receipt-keys.json").read_bytes()) if self.done.exists() else {}
        for receipt in self.done.glob("*/receipt.json"):
            verify(receipt.read_bytes(), keys)
            found |= {one.name: one.read_bytes() for one in receipt.parent.glob("*.pdf")}
        return found

    def receipts(self) -> dict[str, str]:
        """Digest → batch of everything that a receipt in done/ names as safe; each receipt is verified first."""
        found: dict[str, str] = {}
        keys = read_keys((self.home / "notes" / "receipt-keys.json").read_bytes()) if self.done.exists() else {}
        for place in self.done.glob("*/receipt.json"):
            receipt = verify(place.read_bytes(), keys)
            found |= {item["sha256"]: receipt.batch for item in receipt.items if item.get("safe", True)}
        return found


def reference(product: Product, clerk: str) -> tuple[str, str]:
    """An open case at the first court: its id and a reference of letters and digits."""
    for case in product.get("/api/v1/cases", clerk).body["results"]:
        if case["status"].upper() == "OPEN":
            for one in case["references"]:
                if one["value"].isalnum():
                    return case["id"], one["value"]
    raise AssertionError("the demo court has no open case with a plain reference")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(value)
