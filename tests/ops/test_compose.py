"""The compose file is valid, gives no secret a default, and agrees with the services that tests run on."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ops.roads import engine, objects, scanner

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
SECRETS = (
    *("DOCSTORE_SECRET_KEY", "POSTGRES_PASSWORD", "POSTGRES_APP_PASSWORD", "REDIS_PASSWORD"),
    *("S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_WEB_SECRET_KEY", "S3_WORKER_SECRET_KEY"),
    *("S3_DESTROYER_SECRET_KEY", "S3_ANCHOR_SECRET_KEY"),
)


@pytest.mark.skipif(shutil.which("docker-compose") is None, reason="docker-compose is not installed")
@pytest.mark.parametrize("secrets", [{}, dict.fromkeys(SECRETS, "x" * 50)])
def test_is_valid(secrets: dict[str, str]) -> None:
    done = subprocess.run(
        ["docker-compose", "config", "-q"],
        cwd=ROOT,
        env={**os.environ, **secrets},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_has_a_default(secret: str) -> None:
    named = re.findall(r"\$\{" + secret + r"([^}]*)\}", COMPOSE.read_text())
    assert named
    assert set(named) == {""}


def test_names_every_part() -> None:
    names = set(
        re.findall(r"^  ([a-z]+):(?: &[a-z]+)?$", COMPOSE.read_text().partition("\nservices:\n")[2], flags=re.MULTILINE)
    )
    assert {"web", "worker", "disposer", "beat", "db", "redis", "objects", "opensearch", "clamav"} <= names


def test_runs_the_versions_that_are_tested() -> None:
    text = COMPOSE.read_text()
    assert f"opensearchproject/opensearch:{engine.VERSION}" in text
    assert f"versity/versitygw:{objects.VERSION}" in text


def test_the_scanner_has_the_same_limits(tmp_path: Path) -> None:
    native = scanner._configuration(tmp_path, 1, tmp_path)
    container = (ROOT / "ops" / "clamd.conf").read_text()
    for limit in ("AlertExceedsMax", "StreamMaxLength", "MaxFileSize", "MaxScanSize", "MaxScanTime"):
        pattern = rf"^{limit} \S+$"
        assert re.findall(pattern, native, flags=re.M) == re.findall(pattern, container, flags=re.M) != []
