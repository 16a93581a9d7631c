"""What stations were promised, and how it stands in the end: every acknowledged item must be there exactly once."""

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from docstore.core import signing
from tests.faults.product import Answer, Product

SETTLED = ("accepted", "accepted_with_exceptions", "rejected", "expired")
# What the vault says of every item that was taken: its bytes, read whole and hashed.
IN_THE_VAULT = """
import json
from docstore.core.hashing import sha256_hex
from docstore.documents.vault import vault
from docstore.intake.models import Item
rows = Item.objects.filter(received_at__isnull=False)
print(json.dumps({one.sha256: sha256_hex(vault().read(one.key)) == one.sha256 for one in rows}))
"""


@dataclass
class Books:
    """Digest → control number of every item that was answered with 201, and their batches."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    items: dict[str, str] = field(default_factory=dict)
    batches: dict[str, list[str]] = field(default_factory=dict)

    def promise(self, batch: str, digest: str, number: str) -> None:
        with self.lock:
            self.items[digest] = number
            self.batches.setdefault(batch, []).append(digest)


@dataclass
class Balance:
    """How the books were closed."""

    on_case: int = 0
    in_exceptions: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def present(self) -> int:
        return self.on_case + self.in_exceptions


class Audit:
    """Closes the books of one run against a product that is whole again."""

    def __init__(self, product: Product, books: Books, *, case: str, station: str, clerk: str) -> None:
        self._product, self._books, self._case = product, books, case
        self._station, self._clerk = station, clerk

    def close(self, patience: float) -> Balance:
        """Wait until every batch is settled; return what is where, and what does not agree."""
        found, until = Balance(), time.monotonic() + patience
        told = {batch: self._settled(batch, until) for batch in self._books.batches}
        copies, intact = self._copies(), json.loads(self._product.manage("shell", "-v0", "-c", IN_THE_VAULT))
        for batch, digests in self._books.batches.items():
            self._check_batch(found, batch, told[batch])
            items = {one["sha256"]: one for one in told[batch]["items"]}
            for digest in digests:
                self._check_item(found, digest, items.get(digest), copies[digest], intact.get(digest, False))
        return found

    def _check_batch(self, found: Balance, batch: str, told: Any) -> None:
        if told["state"] not in SETTLED:
            found.wrong.append(f"batch {batch} is still {told['state']}")
        elif not self._receipt_holds(batch):
            found.wrong.append(f"the receipt of batch {batch} does not hold")

    def _check_item(self, found: Balance, digest: str, told: Any, copies: int, is_intact: bool) -> None:
        stands = "is not in its batch" if told is None else f"is {told['state']} ({told['code']}: {told['detail']})"
        if not is_intact:
            found.wrong.append(f"{digest} is not in the vault as it was sent, and {stands}")
        elif copies == 1:
            found.on_case += 1
        elif copies == 0 and told is not None and told["state"] == "needs_attention":
            found.in_exceptions += 1
        else:
            found.wrong.append(f"{digest} is on the case {copies} times and {stands}")

    def _settled(self, batch: str, until: float) -> Any:
        while True:
            told = self._ask(f"/api/v1/batches/{batch}", self._station)
            if told["state"] in SETTLED or time.monotonic() > until:
                return told
            time.sleep(1)

    def _receipt_holds(self, batch: str) -> bool:
        envelope = self._ask(f"/api/v1/batches/{batch}/receipt", self._station)
        keys = self._ask("/.well-known/jwks.json", "")
        return bool(json.loads(signing.verify(envelope, keys=keys))["items"])

    def _copies(self) -> Counter[str]:
        found: Counter[str] = Counter()
        cursor = ""
        while cursor is not None:
            told = self._ask(f"/api/v1/cases/{self._case}/documents?limit=200&cursor={cursor}", self._clerk)
            found.update(version["sha256"] for one in told["results"] for version in one["versions"])
            cursor = told["next"]
        return found

    def _ask(self, path: str, key: str) -> Any:
        answer = Answer(0)
        for _ in range(60):
            answer = self._product.get(path, key)
            if answer.status == 200:
                return answer.body
            time.sleep(1)
        raise AssertionError((path, answer))
