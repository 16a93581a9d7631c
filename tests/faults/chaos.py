"""The court under load while its parts are killed at random; then every acknowledged item must be there exactly once.

    python -m tests.faults.chaos --minutes 15

Web, worker and scheduler are ended with SIGKILL, the broker's messages thrown away and the vault's folder taken away for
a while, on embedded parts in a folder of its own. Stations send batches all the while and remember every 201 they were
given. In the end all parts run, the rest is sent, and the books are compared. Exit code 0 only where they agree.
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docstore.core import signing
from tests.faults.product import Answer, Product
from tests.intake.manifests import manifest, told_of

SETTLED = ("accepted", "accepted_with_exceptions", "rejected", "expired")
PAUSES = (4.0, 12.0)


@dataclass
class Books:
    """What stations were promised: digest → control number of every item that was answered with 201, and their batches."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    items: dict[str, str] = field(default_factory=dict)
    batches: dict[str, list[str]] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)

    def promise(self, batch: str, digest: str, number: str) -> None:
        with self.lock:
            self.items[digest] = number
            self.batches.setdefault(batch, []).append(digest)


class Chaos:
    """One run."""

    def __init__(self, product: Product, *, stations: int) -> None:
        self.product, self.books, self.stop = product, Books(), threading.Event()
        self.key, self.clerk = product.manage("demo_key", "station"), product.manage("demo_key", "clerk")
        self.stations = stations
        case = next(one for one in product.get("/api/v1/cases", self.clerk).body["results"] if one["references"])
        self.case, self.site, self.reference = case["id"], case["court"], case["references"][0]["value"]

    def run(self, seconds: float) -> None:
        senders = [threading.Thread(target=self._send_on, daemon=True) for _ in range(self.stations)]
        for one in senders:
            one.start()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(random.uniform(*PAUSES))
            self._break_something()
        self._mend()
        self.stop.set()
        for one in senders:
            one.join(timeout=300)

    def _break_something(self) -> None:
        fault = random.choice(
            (self._kill_web, self._kill_worker, self._kill_scheduler, self._lose_messages, self._lose_vault)
        )
        self.books.faults[fault.__name__.strip("_")] += 1
        fault()

    def _kill_web(self) -> None:
        self.product.kill("web")
        time.sleep(random.uniform(0, 2))
        self.product.start_web()

    def _kill_worker(self) -> None:
        self.product.kill("worker")
        time.sleep(random.uniform(0, 2))
        self.product.start_worker()

    def _kill_scheduler(self) -> None:
        self.product.kill("scheduler")
        self.product.start_scheduler()

    def _lose_messages(self) -> None:
        for message in (self.product.state / "broker" / "queue").glob("*"):
            message.unlink(missing_ok=True)

    def _lose_vault(self) -> None:
        here, away = self.product.state / "vault", self.product.state / "vault-away"
        if not here.exists():
            return
        here.rename(away)
        here.touch(mode=0o400)  # a file where the folder was: every use of the storage fails
        time.sleep(random.uniform(1, 3))
        here.unlink()
        away.rename(here)

    def _mend(self) -> None:
        """Everything runs again, for the books to be closed."""
        for name, start in (("worker", self.product.start_worker), ("scheduler", self.product.start_scheduler)):
            if name not in self.product.running:
                start()

    def _send_on(self) -> None:
        while not self.stop.is_set():
            self._deliver([f"Paper {uuid.uuid4()}".encode() for _ in range(random.randint(1, 4))])

    def _deliver(self, contents: list[bytes]) -> None:
        told, mark = manifest(self.site, *contents, reference=self.reference), str(uuid.uuid4())
        opened = self._until(lambda: self._post("batches", told, mark), 201)
        batch = opened.body["id"]
        for one, content in zip(told["items"], contents, strict=True):
            self._until(lambda one=one, content=content: self._put(batch, one["seq"], content), 200, 201)
            self.books.promise(batch, one["sha256"], one["control_number"])
        self._until(lambda: self._post(f"batches/{batch}/close", {}, mark), 202)

    def _until(self, ask: Any, *fine: int) -> Answer:
        while True:
            answer: Answer = ask()
            if answer.status in fine:
                return answer
            if answer.status not in (0, 409, 429, 503):
                raise AssertionError(answer)
            time.sleep(0.5)

    def _post(self, path: str, body: Any, mark: str) -> Answer:
        return self.product.send("POST", f"/api/v1/{path}", body, self.key, {"Idempotency-Key": mark})

    def _put(self, batch: str, seq: int, content: bytes) -> Answer:
        headers = {"Content-Type": "text/plain", **told_of(content)}
        return self.product.send("PUT", f"/api/v1/batches/{batch}/items/{seq}/content", content, self.key, headers)

    def close_the_books(self, patience: float) -> list[str]:
        """Wait until every batch is settled; return what does not agree."""
        wrong: list[str] = []
        until = time.monotonic() + patience
        for batch, digests in self.books.batches.items():
            told = self._settled(batch, until)
            there = {one["sha256"] for one in told["items"] if one["state"] != "expected"}
            wrong += [
                f"{digest} of {batch} was acknowledged and is missing" for digest in digests if digest not in there
            ]
            if told["state"] not in SETTLED:
                wrong.append(
                    f"{batch} is still {told['state']}: {[(o['state'], o['code'], o['detail']) for o in told['items']]}"
                )
            elif not self._receipt_holds(batch):
                wrong.append(f"the receipt of {batch} does not hold")
        copies = self._copies()
        wrong += [
            f"{digest} is on the case {copies[digest]} times" for digest in self.books.items if copies[digest] != 1
        ]
        return wrong

    def _settled(self, batch: str, until: float) -> Any:
        while True:
            told = self._until(lambda: self.product.get(f"/api/v1/batches/{batch}", self.key), 200).body
            if told["state"] in SETTLED or time.monotonic() > until:
                return told
            time.sleep(1)

    def _receipt_holds(self, batch: str) -> bool:
        envelope = self.product.get(f"/api/v1/batches/{batch}/receipt", self.key).body
        keys = self.product.get("/.well-known/jwks.json").body
        return bool(json.loads(signing.verify(envelope, keys=keys))["items"])

    def _copies(self) -> Counter[str]:
        found: Counter[str] = Counter()
        cursor = ""
        while cursor is not None:
            told = self.product.get(f"/api/v1/cases/{self.case}/documents?cursor={cursor}", self.clerk).body
            found.update(version["sha256"] for one in told["results"] for version in one["versions"])
            cursor = told["next"]
        return found


def main() -> int:
    """Run, compare, say how it went."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=15)
    options.add_argument("--stations", type=int, default=3)
    options.add_argument(
        "--patience", type=float, default=900, help="seconds that batches may take to settle afterwards"
    )
    options.add_argument("--seed", type=int, default=None)
    chosen = options.parse_args()
    random.seed(chosen.seed)
    with tempfile.TemporaryDirectory(prefix="docstore-chaos-") as folder:
        product = Product(Path(folder))
        try:
            product.prepare()
            product.start_web()
            product.start_worker()
            product.start_scheduler()
            chaos = Chaos(product, stations=chosen.stations)
            chaos.run(chosen.minutes * 60)
            wrong = chaos.close_the_books(chosen.patience)
        finally:
            product.stop()
    books = chaos.books
    print(f"{chosen.minutes:g} minutes, faults: {dict(books.faults)}")
    print(
        f"{len(books.items)} items in {len(books.batches)} batches were acknowledged; {len(wrong)} things do not agree"
    )
    for line in wrong:
        print("-", line)
    return 1 if wrong or not books.items else 0


if __name__ == "__main__":
    sys.exit(main())
