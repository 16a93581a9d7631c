"""The court under load while its parts are killed at random; then every acknowledged item must be there exactly once.

    python -m tests.faults.chaos --minutes 15 [--stack full]

Web, worker, scheduler, broker, storage and the agent of a scanning PC are ended with SIGKILL and started again a moment
later; on the full stack the database as well. Embedded, the broker's messages are thrown away and the vault's folder
is taken away for a while. All of it lives in a folder of its own. Stations send batches all the while and remember
every 201 they were given. In the end all parts run, the rest is sent, and the books are compared. Exit code 0 only
where they agree.
"""

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.faults.books import Audit, Balance, Books
from tests.faults.product import ROOT, Answer, Product
from tests.faults.services import Own, Services
from tests.intake.manifests import manifest, told_of
from tests.station.running import Pc, reference

PAUSES = (4.0, 12.0)
AWAY = (1.0, 4.0)
SCAN_EVERY = 4.0
PATIENCE = (0, 409, 429, 503, 507)  # hung up, not yet, wait, wait, no room


class Chaos:
    """One run."""

    def __init__(self, product: Product, services: Services | None, *, stations: int) -> None:
        self.product, self.services, self.books = product, services, Books()
        self.stop, self.faults = threading.Event(), Counter[str]()
        self.key, self.clerk = product.manage("demo_key", "station"), product.manage("demo_key", "clerk")
        self.case, self.reference = reference(product, self.clerk)
        self.site = product.get(f"/api/v1/cases/{self.case}", self.clerk).body["court"]
        self.pc = Pc(product.state / "pc", product, self.key)
        self.agent: subprocess.Popen[bytes] | None = None
        self.scanned: dict[str, str] = {}
        self.broken: list[Exception] = []
        loads = [self._send_on] * stations + [self._scan_on]
        self.threads = [threading.Thread(target=self._guarded, args=(one,), daemon=True) for one in loads]

    def run(self, seconds: float) -> None:
        """Load and faults for so many seconds; then everything runs again and the rest is sent."""
        self._start_agent()
        for one in self.threads:
            one.start()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(random.uniform(*PAUSES))
            fault = random.choice(self._faults())
            self.faults[fault.__name__.strip("_")] += 1
            fault()
        self.stop.set()
        for one in self.threads:
            one.join(timeout=300)
        self._let_the_agent_finish()

    def close(self, patience: float) -> Balance:
        audit = Audit(self.product, self.books, case=self.case, station=self.key, clerk=self.clerk)
        found = audit.close(patience)
        found.wrong += [f"a station gave up: {one!r}" for one in self.broken]
        found.wrong += [f"a station never ended its batch: {one.name}" for one in self.threads if one.is_alive()]
        return found

    def _faults(self) -> list[Callable[[], None]]:
        always = [self._kill_web, self._kill_worker, self._kill_scheduler, self._kill_agent]
        if self.services is None:
            return [*always, self._lose_messages, self._lose_vault]
        return [*always, self._kill_redis, self._kill_storage, self._kill_database]

    def _kill_web(self) -> None:
        self.product.kill("web")
        time.sleep(random.uniform(0, 2))
        self.product.start_web(port=self.product.port)

    def _kill_worker(self) -> None:
        self.product.kill("worker")
        time.sleep(random.uniform(0, 2))
        self.product.start_worker()

    def _kill_scheduler(self) -> None:
        self.product.kill("scheduler")
        self.product.start_scheduler()

    def _kill_redis(self) -> None:
        assert self.services is not None
        _power_cut(self.services.broker)

    def _kill_storage(self) -> None:
        assert self.services is not None
        _power_cut(self.services.objects)

    def _kill_database(self) -> None:
        assert self.services is not None
        _power_cut(self.services.database)

    def _lose_messages(self) -> None:
        for message in (self.product.state / "broker" / "queue").glob("*"):
            message.unlink(missing_ok=True)

    def _lose_vault(self) -> None:
        here, away = self.product.state / "vault", self.product.state / "vault-away"
        here.rename(away)
        here.touch(mode=0o400)  # a file where the folder was: every use of the storage fails
        time.sleep(random.uniform(*AWAY))
        here.unlink()
        away.rename(here)

    def _start_agent(self) -> None:
        with (self.product.state / "agent.log").open("ab") as log:
            self.agent = subprocess.Popen(
                [sys.executable, "-m", "station", "--settings", str(self.pc.settings()), "run"],
                cwd=ROOT,
                env={**os.environ, "DOCSTORE_STATION_KEY": self.key},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _kill_agent(self) -> None:
        self._end_agent()
        time.sleep(random.uniform(0, 2))
        self._start_agent()

    def _end_agent(self) -> None:
        if self.agent is not None:
            os.killpg(self.agent.pid, signal.SIGKILL)
            self.agent.wait()

    def _guarded(self, load: Callable[[], None]) -> None:
        try:
            load()
        except Exception as error:  # noqa: BLE001 - whatever it was: it is shown, and the run has failed
            self.broken.append(error)

    def _scan_on(self) -> None:
        """A scanner that leaves a page in the agent's folder every few seconds."""
        while not self.stop.wait(SCAN_EVERY):
            name = f"{self.reference}_{uuid.uuid4().hex}.pdf"
            self.scanned[name] = hashlib.sha256(self.pc.scan(name)).hexdigest()

    def _let_the_agent_finish(self) -> None:
        """What the agent was promised stands beside what it moved to done/: receipts that hold and name the bytes."""
        self._end_agent()
        ended = self.pc.once()
        told = self.pc.receipts()
        for name, digest in self.scanned.items():
            batch = told.get(digest)
            if batch is None:
                self.broken.append(AssertionError(f"{name} was not taken; the agent ended with {ended.returncode}"))
            else:
                self.books.promise(batch, digest, name)

    def _send_on(self) -> None:
        while not self.stop.is_set():
            batch = self._deliver([f"Paper {uuid.uuid4()}".encode() for _ in range(random.randint(1, 4))])
            while (
                not self.stop.is_set() and self.product.get(f"/api/v1/batches/{batch}/receipt", self.key).status != 200
            ):
                self.stop.wait(1)  # as a scanning clerk would: the next pile after the receipt for this one

    def _deliver(self, contents: list[bytes]) -> str:
        told, mark = manifest(self.site, *contents, reference=self.reference), str(uuid.uuid4())
        batch = str(self._until(lambda: self._post("batches", told, mark), 201).body["id"])
        for one, content in zip(told["items"], contents, strict=True):
            self._until(lambda one=one, content=content: self._put(batch, one["seq"], content), 200, 201)
            self.books.promise(batch, one["sha256"], one["control_number"])
        self._until(lambda: self._post(f"batches/{batch}/close", {}, mark), 202)
        return batch

    def _until(self, ask: Any, *fine: int) -> Answer:
        while True:
            answer: Answer = ask()
            if answer.status in fine:
                return answer
            if answer.status not in PATIENCE:
                raise AssertionError(answer)
            time.sleep(0.5)

    def _post(self, path: str, body: Any, mark: str) -> Answer:
        return self.product.send("POST", f"/api/v1/{path}", body, self.key, {"Idempotency-Key": mark})

    def _put(self, batch: str, seq: int, content: bytes) -> Answer:
        headers = {"Content-Type": "text/plain", **told_of(content)}
        return self.product.send("PUT", f"/api/v1/batches/{batch}/items/{seq}/content", content, self.key, headers)


def _power_cut(service: Own) -> None:
    service.kill()
    time.sleep(random.uniform(*AWAY))
    service.again()


def _run(folder: Path, chosen: argparse.Namespace) -> tuple[Chaos, Balance]:
    services = Services(folder / "services") if chosen.stack == "full" else None
    product = Product(folder / "court")
    product.state.mkdir()
    try:
        if services is not None:
            services.start()
            product.extra.update(services.environment)
        product.prepare()
        product.start_web()
        product.start_worker()
        product.start_scheduler()
        chaos = Chaos(product, services, stations=chosen.stations)
        chaos.run(chosen.minutes * 60)
        return chaos, chaos.close(chosen.patience)
    finally:
        product.stop()
        if services is not None:
            services.stop()


def main() -> int:
    """Run, compare, say how it went."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=15)
    options.add_argument("--stack", choices=["embedded", "full"], default="embedded")
    options.add_argument("--stations", type=int, default=3)
    options.add_argument(
        "--patience", type=float, default=900, help="seconds that batches may take to settle afterwards"
    )
    options.add_argument("--seed", type=int, default=None)
    options.add_argument("--keep", action="store_true", help="leave the folder with its logs")
    chosen = options.parse_args()
    random.seed(chosen.seed)
    folder = Path(tempfile.mkdtemp(prefix="docstore-chaos-"))
    folder.chmod(0o755)  # PostgreSQL runs as somebody else and has to walk through
    try:
        chaos, found = _run(folder, chosen)
    finally:
        if not chosen.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{chosen.stack}, {chosen.minutes:g} minutes; faults: {dict(chaos.faults)}")
    print(f"acknowledged           {len(chaos.books.items)} items in {len(chaos.books.batches)} batches")
    print(f"present exactly once   {found.present} (on the case {found.on_case}, in exceptions {found.in_exceptions})")
    print(f"not as promised        {len(found.wrong)}")
    for line in found.wrong:
        print("-", line)
    return 1 if found.wrong or found.present != len(chaos.books.items) or not found.present else 0


if __name__ == "__main__":
    sys.exit(main())
