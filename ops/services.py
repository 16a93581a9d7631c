"""`make services`: PostgreSQL, Redis, OpenSearch, S3 and clamd on loopback, for real, without containers.

Knows the roads to each service and which of them runs; writes what the product needs to find them to var/services/env.
Starting twice changes nothing. What the environment names and what answers is used as it is, and never stopped.
"""

import argparse
import fcntl
import json
import os
import secrets
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

from ops import daemons
from ops.daemons import Failed
from ops.places import ENV_FILE, SERVICES, reachable, servant
from ops.roads import broker, engine, objects, postgres, scanner

Environment = dict[str, str]


@dataclass(frozen=True, slots=True)
class Service:
    """A service, the folder it lives in, and the variable that would name one that already runs."""

    road: ModuleType
    folder: str
    variable: str

    @property
    def name(self) -> str:
        return str(self.road.NAME)

    @property
    def home(self) -> Path:
        return reachable(SERVICES) / self.folder


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one service."""

    service: Service
    state: str
    said: str
    environment: Environment

    @property
    def failed(self) -> bool:
        return self.state == "failed"


SERVICES_KNOWN = (
    Service(postgres, "postgres", "DATABASE_URL"),
    Service(broker, "redis", "REDIS_URL"),
    Service(engine, "opensearch", "OPENSEARCH_URL"),
    Service(objects, "s3", "S3_ENDPOINT_URL"),
    Service(scanner, "clamd", "CLAMD_ADDRESS"),
)
BELONGING = {"S3_ENDPOINT_URL": ("S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_BUCKET", "S3_REGION")}


def named_in_environment(service: Service) -> Environment | None:
    """What the environment says of this service, when something answers there."""
    value = os.environ.get(service.variable, "")
    parts = urlsplit(value if "//" in value else f"//{value}")
    if not value or not parts.hostname or not parts.port or not daemons.answers(parts.port, parts.hostname):
        return None
    names = (service.variable, *BELONGING.get(service.variable, ()))
    return {name: os.environ[name] for name in names if name in os.environ}


def bring_up(service: Service, secret: str) -> Outcome:
    """Use what runs, else start it; a failure is an outcome that says what was tried."""
    home = service.home
    if running := daemons.find(home):
        return Outcome(service, "running", "started earlier", service.road.environment(running.port, secret))
    if found := named_in_environment(service):
        return Outcome(service, "running", f"found through {service.variable}", found)
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        servant().own(home)
        began = time.monotonic()
        running, road = service.road.start(home, secret)
    except (Failed, OSError) as problem:
        _end(service)
        return Outcome(service, "failed", str(problem), {})
    took = time.monotonic() - began
    return Outcome(service, "started", f"{road} ({took:.0f} s)", service.road.environment(running.port, secret))


def start(*, say: Callable[[str], None] = print) -> list[Outcome]:
    """Bring all services up side by side and write their environment."""
    with _alone():
        kept = _secrets()
        servant()  # makes the account once, before five threads would each make one of their own
        with ThreadPoolExecutor(max_workers=len(SERVICES_KNOWN)) as pool:
            outcomes = list(pool.map(lambda service: bring_up(service, kept[service.folder]), SERVICES_KNOWN))
        write_environment(outcomes)
    for line in table(outcomes):
        say(line)
    return outcomes


def stop() -> None:
    """Stop what we started, all at once; leave alone what was found running."""
    with _alone(), ThreadPoolExecutor(max_workers=len(SERVICES_KNOWN)) as pool:
        for line in pool.map(_end, SERVICES_KNOWN):
            print(line)
        ENV_FILE.unlink(missing_ok=True)


def _end(service: Service) -> str:
    running = daemons.find(service.home)
    if running is None:
        return f"{service.name:<11} was not running"
    daemons.stop(running, home=service.home, with_signal=getattr(service.road, "STOP", signal.SIGTERM))
    return f"{service.name:<11} stopped"


def status() -> bool:
    """Print one line per service; whether all of them run."""
    healthy = True
    for service in SERVICES_KNOWN:
        running = daemons.find(service.home)
        if running and daemons.answers(running.port):
            line = f"running on port {running.port}, process {running.pid}, log {service.home / 'log'}"
        elif named_in_environment(service):
            line = f"running, found through {service.variable}"
        else:
            line, healthy = "not running", False
        print(f"{service.name:<11} {line}")
    return healthy


def table(outcomes: list[Outcome]) -> Iterator[str]:
    """Service, outcome, and the road taken or why each road failed."""
    yield f"{'service':<11} {'state':<8} road taken, or why not"
    for outcome in outcomes:
        yield f"{outcome.service.name:<11} {outcome.state:<8} {outcome.said}"


def read_environment(path: Path = ENV_FILE) -> Environment:
    """The lines `export KEY=value` of the file that `start` wrote; empty where there is none."""
    try:
        words = [shlex.split(line) for line in path.read_text().splitlines()]
    except FileNotFoundError:
        return {}
    pairs = [word[1].split("=", 1) for word in words if len(word) == 2 and word[0] == "export" and "=" in word[1]]
    return dict(pairs)


def write_environment(outcomes: list[Outcome], path: Path = ENV_FILE) -> None:
    lines = [f"export {key}={shlex.quote(value)}" for each in outcomes for key, value in each.environment.items()]
    beside = path.with_suffix(".new")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write("\n".join(lines) + "\n")
    beside.replace(path)


def _secrets() -> dict[str, str]:
    """Passwords of our own making, kept beside the data that they open."""
    path = SERVICES / "secrets.json"
    kept = json.loads(path.read_text()) if path.exists() else {}
    fresh = {service.folder: kept.get(service.folder) or secrets.token_hex(16) for service in SERVICES_KNOWN}
    if fresh != kept:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(fresh, out)
    return fresh


@contextmanager
def _alone() -> Iterator[None]:
    """Two starts at once would fight over ports; the second waits and then finds everything running."""
    SERVICES.mkdir(parents=True, exist_ok=True)
    with (SERVICES / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("command", choices=["start", "stop", "status"])
    match reader.parse_args().command:
        case "start":
            failed = any(outcome.failed for outcome in start())
            print(f"\nFor a shell: . {ENV_FILE}")
            return int(failed)
        case "stop":
            stop()
            return 0
        case _:
            return int(not status())


if __name__ == "__main__":
    sys.exit(main())
