"""Which keys this station takes for the court's: learnt once, added to only by a set that still holds all known ones.

Somebody who stands between station and court later can therefore not bring keys of their own along with forged receipts.
"""

import json
from pathlib import Path

from station import shelves
from station.journal import Journal
from station.outcomes import ReceiptForged
from station.receipts import Keys, Receipt, read_keys, unknown_keys, verify
from station.server import Server

FACT = "receipt-keys"
KEYS_FILE = "receipt-keys.json"


class Trust:
    """The keys in the journal, asked of the server where none or too few are known."""

    def __init__(self, journal: Journal, server: Server, state: Path) -> None:
        self._beside = state / KEYS_FILE
        self._journal = journal
        self._server = server

    def keys(self) -> Keys:
        """The trusted keys; the first time they are fetched and kept."""
        known = self._journal.fact(FACT)
        return read_keys(known) if known else self._learn({})

    def verified(self, envelope: bytes) -> Receipt:
        """Return what a receipt says. A key that is not known yet is asked for once."""
        keys = self.keys()
        if unknown_keys(envelope, keys):
            keys = self._learn(keys)
        return verify(envelope, keys)

    def _learn(self, known: Keys) -> Keys:
        raw = self._server.keys()
        offered = read_keys(raw)
        same = all(
            id in offered and offered[id].public_bytes_raw() == key.public_bytes_raw() for id, key in known.items()
        )
        if not offered or not same:
            raise ReceiptForged(
                "The server offers other keys than this station trusts. If the court really has new ones, ask it for them."
            )
        kept = json.dumps(json.loads(raw))
        shelves.write_whole(self._beside, kept.encode())
        self._journal.remember(FACT, kept)
        return offered
