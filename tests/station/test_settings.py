"""Settings: where the key comes from, and what is refused before anything is touched."""

from pathlib import Path

import pytest

from station import settings
from station.outcomes import SettingsWrong

KEY = {"DOCSTORE_STATION_KEY": "ds_test_1"}


def written(tmp_path: Path, more: str = "", **changes: str) -> Path:
    (tmp_path / "scans").mkdir(exist_ok=True)
    chosen = {
        "server": "https://docstore.example",
        "watch": str(tmp_path / "scans"),
        "state": str(tmp_path / "notes"),
        **changes,
    }
    path = tmp_path / "station.toml"
    path.write_text("".join(f'{name} = "{value}"\n' for name, value in chosen.items()) + more)
    return path


def test_the_key_comes_from_the_environment_a_file_or_the_systems_credentials(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / "key").write_text("from-a-file\n")
    (tmp_path / "station-key").write_text("from-systemd\n")
    assert settings.load(path, KEY).key == "ds_test_1"
    assert settings.load(path, {"DOCSTORE_STATION_KEY_FILE": str(tmp_path / "key")}).key == "from-a-file"
    assert settings.load(path, {"CREDENTIALS_DIRECTORY": str(tmp_path)}).key == "from-systemd"
    with pytest.raises(SettingsWrong, match="has no key"):
        settings.load(path, {})


@pytest.mark.parametrize(
    ("changes", "more", "said"),
    [
        ({"server": "http://docstore.example"}, "", "https"),
        ({"watch": "/nowhere/at/all"}, "", "does not exist"),
        ({}, 'key = "ds_1"\n', "does not know: key"),
        ({}, 'colour = "blue"\n', "does not know: colour"),
        ({"state": ""}, "", "must say state"),
        ({"name_pattern": "("}, "", "no proper pattern"),
        ({"loose_files": "burn"}, "", "loose_files"),
        ({}, "[[index]]\nmatch = '*.csv'\ncolumns = {}\n", "column for"),
        ({}, "[[index]]\nmatch = '*.csv'\n", "is wrong"),
        ({}, "watch = [\n", "TOML"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_change(
    tmp_path: Path, changes: dict[str, str], more: str, said: str
) -> None:
    with pytest.raises(SettingsWrong, match=said):
        settings.load(written(tmp_path, more, **changes), KEY)


@pytest.mark.parametrize("place", ["scans", "scans/notes", "."])
def test_notes_and_scans_never_overlap(tmp_path: Path, place: str) -> None:
    with pytest.raises(SettingsWrong, match="overlap"):
        settings.load(written(tmp_path, state=str(tmp_path / place)), KEY)


def test_scans_never_lie_in_the_programs_own_folder(tmp_path: Path) -> None:
    with pytest.raises(SettingsWrong, match="overlap"):
        settings.load(written(tmp_path, watch=str(settings.CODE)), KEY)


def test_loopback_may_be_spoken_to_without_tls(tmp_path: Path) -> None:
    assert settings.load(written(tmp_path, server="http://127.0.0.1:8000"), KEY).server.endswith("8000")
