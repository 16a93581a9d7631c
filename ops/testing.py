"""A pytest plugin: tests that need real services, on a machine where some cannot be had."""

import os
from pathlib import Path

import pytest

VARIABLES = ("DATABASE_URL", "REDIS_URL", "OPENSEARCH_URL", "S3_ENDPOINT_URL", "CLAMD_ADDRESS")
REASON = "real services are not running: `make services`"


def pytest_configure(config: pytest.Config) -> None:
    missing = [name for name in VARIABLES if not os.environ.get(name)]
    if missing and os.environ.get("DOCSTORE_REQUIRE_SERVICES") == "1":
        raise pytest.UsageError(f"Services are required and {', '.join(missing)} not set: run `make test`.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what is marked `services` unless every service is there."""
    if all(os.environ.get(name) for name in VARIABLES):
        return
    for item in items:
        if item.get_closest_marker("services"):
            item.add_marker(pytest.mark.skip(reason=REASON))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table of design: service, roads tried, why each failed, tests not run; pytest's closing line follows it."""
    table = Path(os.environ.get("DOCSTORE_SERVICES_TABLE", os.devnull)).read_text()
    if not table:
        return
    terminalreporter.section("services that could not be had")
    terminalreporter.write(table)
    for report in terminalreporter.stats.get("skipped", []):
        if REASON in str(report.longrepr):
            terminalreporter.write_line(f"not run  {report.nodeid}")
