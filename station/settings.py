"""What an operator chooses, from one TOML file; the key comes from the environment or the system's secret store alone."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from station.outcomes import SettingsWrong

KEY_VARIABLE = "DOCSTORE_STATION_KEY"
KEY_FILE_VARIABLE = "DOCSTORE_STATION_KEY_FILE"
CREDENTIAL = "station-key"
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
CODE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Index:
    """How one kind of index file is read: which files it is, how they are laid out, which column means what."""

    match: str
    columns: Mapping[str, str | int]
    layout: str = "delimited"
    delimiter: str = ","
    header: bool = True
    encoding: str = "utf-8-sig"
    document: str = "document"
    field: str = "field"


@dataclass(frozen=True, slots=True)
class Settings:
    """One station. Folders are absolute; times in seconds unless the name says otherwise."""

    server: str
    watch: Path
    state: Path
    key: str
    site: str = ""
    operator: str = ""
    item_type: str = "other"
    name_pattern: str = ""
    ca_file: str = ""
    proxy: str = ""
    client_certificate: str = ""
    client_certificate_key: str = ""
    settle_seconds: float = 5.0
    rescan_seconds: float = 30.0
    most_items: int = 50
    whole_below_bytes: int = 8 * 1024 * 1024
    part_bytes: int = 4 * 1024 * 1024
    keep_days: int = 14
    quick_check: bool = True
    poll_folder: bool = False
    loose_files: str = "send"
    test_reference: str = ""
    index: tuple[Index, ...] = field(default_factory=tuple)

    @property
    def done(self) -> Path:
        return self.watch / "done"

    @property
    def failed(self) -> Path:
        return self.watch / "failed"


def load(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings; raise SettingsWrong with what to change."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsWrong(f"The settings {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SettingsWrong(f"The settings {path} are not proper TOML: {error}.") from error
    known = {one.name for one in fields(Settings)} - {"key"}
    if unknown := sorted(set(raw) - known):
        raise SettingsWrong(f"{path} has settings that the agent does not know: {', '.join(unknown)}.")
    for name in ("server", "watch", "state"):
        if not isinstance(raw.get(name), str) or not raw[name]:
            raise SettingsWrong(f"{path} must say {name}.")
    chosen = {**raw, "watch": _folder(raw["watch"]), "state": _folder(raw["state"])}
    chosen["index"] = tuple(_index(one) for one in raw.get("index", []))
    try:
        made = Settings(key=_key(environment), **chosen)
    except TypeError as error:
        raise SettingsWrong(f"{path}: {error}.") from error
    _check(made)
    return made


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _index(raw: Mapping[str, Any]) -> Index:
    try:
        made = Index(**raw)
    except TypeError as error:
        raise SettingsWrong(f"An [[index]] part of the settings is wrong: {error}.") from error
    if made.layout not in ("delimited", "xml") or "file" not in made.columns:
        raise SettingsWrong('An [[index]] part needs layout "delimited" or "xml" and a column for "file".')
    return made


def _key(environment: Mapping[str, str]) -> str:
    """The key from the environment, a file that it names, or systemd's credentials; never from the settings file."""
    if key := environment.get(KEY_VARIABLE, "").strip():
        return key
    places = [environment.get(KEY_FILE_VARIABLE, "")]
    if folder := environment.get("CREDENTIALS_DIRECTORY"):
        places.append(f"{folder}/{CREDENTIAL}")
    for place in filter(None, places):
        try:
            return Path(place).read_text(encoding="utf-8").strip()
        except OSError:
            continue
    raise SettingsWrong(
        f"This station has no key. Put it into {KEY_VARIABLE} or into the file that {KEY_FILE_VARIABLE} names."
    )


def _check(made: Settings) -> None:
    where = urlsplit(made.server)
    if where.scheme != "https" and not (where.scheme == "http" and where.hostname in LOOPBACK):
        raise SettingsWrong("The server's address must begin with https://; papers never travel in the clear.")
    if not made.watch.is_dir():
        raise SettingsWrong(f"The folder {made.watch} does not exist. Make it, or mount the share it lies on.")
    for one, other in ((made.watch, made.state), (made.watch, CODE), (made.state, CODE)):
        if one == other or one in other.parents or other in one.parents:
            raise SettingsWrong(
                f"{one} and {other} overlap. Scans, the agent's own notes and its program need folders of their own."
            )
    try:
        re.compile(made.name_pattern)
    except re.error as error:
        raise SettingsWrong(f"name_pattern is no proper pattern: {error}.") from error
    if made.loose_files not in ("send", "wait"):
        raise SettingsWrong('loose_files is "send" or "wait".')
