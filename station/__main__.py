"""Commands: run, run --once, doctor, verify. The key is never an argument: arguments are seen by everybody on the PC."""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from station import doctor, settings
from station.agent import Agent
from station.journal import Journal
from station.outcomes import Exit, Stopped
from station.receipts import read_keys, verify
from station.server import Server
from station.trust import KEYS_FILE

DEFAULT = Path("/etc/docstore-station/station.toml")
LONGEST_SECONDS = 600.0


def main(arguments: Sequence[str] | None = None) -> Exit:
    """Carry out one command and return how it ended."""
    told = _parser().parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING)
    logging.getLogger("station").setLevel(logging.INFO)
    try:
        return Exit(told.act(told))
    except Stopped as trouble:
        sys.stderr.write(f"{trouble}\n")
        return trouble.code


def run(told: argparse.Namespace) -> Exit:
    """Watch, or with --once send what is there and end."""
    chosen = settings.load(told.settings)
    journal, server = Journal(chosen.state), Server(chosen)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        agent = Agent(chosen, journal, server)
        return agent.once(longest=told.wait, stop=stop) if told.once else agent.run(stop)
    finally:
        server.close()
        journal.close()


def examine(told: argparse.Namespace) -> Exit:
    """Look at network, key, clock, disk and rights, and say what to do."""
    chosen = settings.load(told.settings)
    found = list(doctor.examine(chosen))
    if told.test_page:
        found += doctor.send_test_page(chosen)
    for one in found:
        sys.stdout.write(f"{'well ' if one.well else 'FAULT'}  {one.part}: {one.sentence}\n")
    return next((one.code for one in found if not one.well), Exit.ALL_SAFE)


def check(told: argparse.Namespace) -> Exit:
    """Verify a receipt without any network, under the keys in a file."""
    try:
        receipt = verify(told.receipt.read_bytes(), read_keys(_keys(told)))
    except OSError as error:
        sys.stderr.write(f"{error.filename} cannot be read: {error.strerror}.\n")
        return Exit.SETTINGS_WRONG
    sys.stdout.write(
        f"The signature holds. Batch {receipt.external_id} of {receipt.site}: {receipt.custody.replace('_', ' ')},"
        f" {len(receipt.items)} items, {receipt.pages} pages, issued {receipt.issued_at}.\n"
    )
    for item in receipt.items:
        sys.stdout.write(
            f"  {item['seq']:>4}  {item['control_number']}  sha256 {item['sha256']}  {item['bytes']} bytes\n"
        )
    return Exit.ALL_SAFE


def _keys(told: argparse.Namespace) -> bytes | str:
    """The keys from the named file, or those that this station has learnt to trust."""
    if told.keys:
        return Path(told.keys).read_bytes()
    return (settings.load(told.settings).state / KEYS_FILE).read_bytes()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="docstore-station", description="Sends scans to Docstore and keeps them until a signed receipt holds."
    )
    parser.add_argument("--settings", type=Path, default=DEFAULT, help=f"TOML file (default {DEFAULT})")
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("run", help="watch the folder and send")
    one.add_argument("--once", action="store_true", help="send what lies there, wait for receipts, and end")
    one.add_argument("--wait", type=float, default=LONGEST_SECONDS, help="seconds that --once waits at most")
    one.set_defaults(act=run)
    one = commands.add_parser("doctor", help="look at network, key, clock, disk and rights")
    one.add_argument(
        "--test-page", action="store_true", help="also send a built-in page to the case that test_reference names"
    )
    one.set_defaults(act=examine)
    one = commands.add_parser("verify", help="check a receipt offline")
    one.add_argument("receipt", type=Path)
    one.add_argument("--keys", help="JWK set; without it the keys that this station trusts")
    one.set_defaults(act=check)
    return parser


if __name__ == "__main__":
    sys.exit(main())
