"""Services of a run's own – PostgreSQL, Redis, S3 – to be ended like by a power cut and started again where they were.

Nothing here touches the services that `make services` or the environment name: each has a folder, a port and a password
of its own and is gone with the run.
"""

import os
import secrets
import shutil
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from ops import daemons
from ops.daemons import Running
from ops.places import servant
from ops.roads import broker, objects, postgres


@dataclass
class Own:
    """One service, started by its road and then again by the very command that the road found."""

    road: ModuleType
    home: Path
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    running: Running | None = None
    command: list[str] = field(default_factory=list)

    @property
    def environment(self) -> Mapping[str, str]:
        """What the product needs to find it."""
        assert self.running is not None
        found: Mapping[str, str] = self.road.environment(self.running.port, self.secret)
        return found

    def start(self) -> None:
        self.home.mkdir(mode=0o700, parents=True)
        servant().own(self.home)
        self.running, _ = self.road.start(self.home, self.secret)
        self.command = list(self.running.command)

    def kill(self) -> None:
        if self.running is not None:
            with suppress(ProcessLookupError, ChildProcessError):
                os.killpg(self.running.pid, signal.SIGKILL)
                os.waitpid(self.running.pid, 0)

    def again(self) -> None:
        """Start it where it was."""
        assert self.running is not None
        keys = {"ROOT_ACCESS_KEY": objects.ACCESS, "ROOT_SECRET_KEY": self.secret} if self.road is objects else {}
        port = self.running.port
        self.running = daemons.start(command=self.command, home=self.home, port=port, env=keys)
        daemons.wait_until(lambda: daemons.answers(port), running=self.running, home=self.home, seconds=60)


class Services:
    """The three of them in a folder that whoever they run as can reach."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        self.database = Own(postgres, folder / "postgres")
        self.broker = Own(broker, folder / "redis")
        self.objects = Own(objects, folder / "s3")
        self._folder = folder

    @property
    def all(self) -> tuple[Own, ...]:
        return (self.database, self.broker, self.objects)

    @property
    def environment(self) -> dict[str, str]:
        return {name: value for one in self.all for name, value in one.environment.items()}

    def start(self) -> None:
        for one in self.all:
            one.start()

    def stop(self) -> None:
        for one in self.all:
            one.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
