"""OpenSearch from its Maven artifact, with a JDK of 21 or later that the machine has or Debian can give."""

import contextlib
import json
import os
import re
import shutil
import urllib.request
import zipfile
from pathlib import Path

from ops import daemons, packages
from ops.daemons import Failed, Running
from ops.places import DOWNLOADS, reachable, servant

NAME = "OpenSearch"
PORT = 19209
VERSION = "3.6.0"
ARTIFACT = f"org.opensearch.distribution.integ-test-zip:opensearch:{VERSION}:zip"
OLDEST_JAVA = 21


def start(home: Path, secret: str) -> tuple[Running, str]:
    del secret  # the minimal distribution has no security plugin; it listens on loopback alone
    java, java_road = _java()
    distribution, road = _distribution()
    port, transport = daemons.free_port(PORT), daemons.free_port(PORT + 100)
    _configure(home, distribution, port, transport)
    servant().own(home)
    running = daemons.start(
        command=[str(distribution / "bin" / "opensearch")],
        home=home,
        port=port,
        env={
            "OPENSEARCH_JAVA_HOME": str(java),
            "OPENSEARCH_PATH_CONF": str(home / "config"),
            "OPENSEARCH_JAVA_OPTS": os.environ.get("OPENSEARCH_JAVA_OPTS", "-Xms512m -Xmx512m"),
        },
    )
    daemons.wait_until(lambda: _healthy(port), running=running, home=home, seconds=300)
    return running, f"{road}, {java_road}"


def _configure(home: Path, distribution: Path, port: int, transport: int) -> None:
    config = home / "config"
    if not config.exists():
        beside = home / "config.new"  # moved into place whole: a copy broken off half-way must not pass for one
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(distribution / "config", beside)
        beside.rename(config)
    for folder in ("data", "logs"):
        (home / folder).mkdir(exist_ok=True)
    options = (distribution / "config" / "jvm.options").read_text()
    # As shipped the virtual machine logs into the distribution, which several sets share and which may not be ours.
    (config / "jvm.options").write_text(re.sub(r"=(logs/|data$)", rf"={home}/\1", options, flags=re.MULTILINE))
    settings = {
        "cluster.name": "docstore",
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": transport,
        "path.data": home / "data",
        "path.logs": home / "logs",
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        "action.auto_create_index": "false",
    }
    (config / "opensearch.yml").write_text("".join(f"{key}: {value}\n" for key, value in settings.items()))


def _java() -> tuple[Path, str]:
    if found := _installed_java():
        return found
    tried = []
    for package in ("openjdk-25-jre-headless", "openjdk-21-jre-headless"):
        try:
            packages.install([package])
        except Failed as problem:
            tried.append(f"{package}: {problem}")
            continue
        if found := _installed_java():
            return found
    raise Failed(f"no Java of {OLDEST_JAVA} or later: looked in OPENSEARCH_JAVA_HOME, JAVA_HOME, /usr/lib/jvm, /opt; "
                 + "; ".join(tried))  # fmt: skip


def _installed_java() -> tuple[Path, str] | None:
    named = [Path(os.environ[name]) for name in ("OPENSEARCH_JAVA_HOME", "JAVA_HOME") if os.environ.get(name)]
    for home in [*named, *sorted(Path("/usr/lib/jvm").glob("*")), *sorted(Path("/opt").glob("*"))]:
        release = home / "release"
        if not (home / "bin" / "java").exists() or not release.exists():
            continue
        version = re.search(r'JAVA_VERSION="(\d+)', release.read_text(errors="replace"))
        if version and int(version[1]) >= OLDEST_JAVA:
            return home.resolve(), f"Java {version[1]} at {home}"
    return None


def _distribution() -> tuple[Path, str]:
    where = reachable(DOWNLOADS / "engine")
    unpacked = where / f"opensearch-{VERSION}"
    if not (unpacked / "bin" / "opensearch").exists():
        _unpack(_artifact(where), where)
    if not (unpacked / "modules" / "analysis-common").exists():
        raise Failed(f"{unpacked} has no module analysis-common, so it could not stem words")
    servant().own(unpacked)
    return unpacked, f"Maven artifact {VERSION}"


def _artifact(where: Path) -> Path:
    """The zip, from Maven's own repository or fetched into ours."""
    inside = f"org/opensearch/distribution/integ-test-zip/opensearch/{VERSION}/opensearch-{VERSION}.zip"
    for repository in (Path.home() / ".m2" / "repository", where / "m2"):
        if (repository / inside).exists():
            return repository / inside
    if shutil.which("mvn") is None:
        packages.install(["maven"])
    get = ["mvn", "-q", "-B", "dependency:get", f"-Dartifact={ARTIFACT}", "-Dtransitive=false"]
    daemons.run([*get, f"-Dmaven.repo.local={where / 'm2'}"], seconds=900)
    return where / "m2" / inside


def _unpack(archive: Path, where: Path) -> None:
    """Unpack beside and move into place, so that a run cut short leaves no half distribution; keep who may execute."""
    beside = where / "unpacking"
    shutil.rmtree(beside, ignore_errors=True)
    with zipfile.ZipFile(archive) as bundle:
        for entry in bundle.infolist():
            mode = entry.external_attr >> 16 & 0o777
            target = Path(bundle.extract(entry, beside))
            if mode and target.is_file():
                target.chmod(mode | 0o444)  # a cache that several accounts share must be readable by all
    (beside / f"opensearch-{VERSION}").rename(where / f"opensearch-{VERSION}")
    shutil.rmtree(beside, ignore_errors=True)


def _healthy(port: int) -> bool:
    with contextlib.suppress(OSError, ValueError):
        url = f"http://127.0.0.1:{port}/_cluster/health?timeout=1s"
        with urllib.request.urlopen(url, timeout=3) as answer:
            return json.load(answer)["status"] in ("green", "yellow")
    return False


def environment(port: int, secret: str) -> dict[str, str]:
    del secret
    return {"OPENSEARCH_URL": f"http://127.0.0.1:{port}"}
