"""Tests: the services that the environment names, else the embedded defaults, all under a folder of their own."""

import os
import sys
import tempfile

# Several test processes side by side share the services and nothing in them. The processes that such a test starts
# inherit what was settled here once.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
os.environ["DOCSTORE_ENV"] = "test"
if WORKER and os.environ.get("DOCSTORE_TEST_WORKER") != WORKER:
    os.environ["DOCSTORE_TEST_WORKER"] = WORKER
    os.environ["DOCSTORE_STATE"] = tempfile.mkdtemp(prefix="docstore-test-")
    if os.environ.get("S3_BUCKET"):
        os.environ["S3_BUCKET"] += f"-{WORKER}"
    if os.environ.get("REDIS_URL"):
        _server, _, _number = os.environ["REDIS_URL"].rpartition("/")
        os.environ["REDIS_URL"] = f"{_server}/{int(_number) + int(WORKER.removeprefix('gw'))}"
os.environ.setdefault("DOCSTORE_STATE", tempfile.mkdtemp(prefix="docstore-test-"))

from config.settings.base import *  # noqa: F403 - the environment has to be named before base reads it
from config.settings.base import DATABASES, DOCSTORE, STATE, STORAGES

DEBUG = False
SECRET_KEY = "tests-only-" + "0" * 50
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # hundreds of accounts are made; Argon2 has its own test
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DOCSTORE["JOBS"] = {**DOCSTORE["JOBS"], "BACK_OFF_SECONDS": 0}
if DOCSTORE["SEARCH"]["OPTIONS"].get("url"):  # an index of its own per run, beside that of a running product
    DOCSTORE["SEARCH"]["OPTIONS"]["alias"] = f"docstore-test-{os.environ.get('DOCSTORE_RUN', os.getpid())}{WORKER}"
CELERY_TASK_ALWAYS_EAGER = False
# A file, not memory: tests about several processes and threads need a database that all of them can open.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(STATE / "test.sqlite3")}
elif os.environ.get("DOCSTORE_TEST_TEMPLATE"):  # migrated once for all processes of a run (ops.scratch)
    DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ["DOCSTORE_TEST_TEMPLATE"]}
# Where a fault test wants the process to end; nothing but tests knows this setting.
DOCSTORE["FAILPOINT"] = os.environ.get("DOCSTORE_FAILPOINT", "")
# Questions to the database are counted by tests; those about restores turn this on.
DOCSTORE["DISPOSAL"] = {**DOCSTORE["DISPOSAL"], "LEDGER_SECONDS": 0}
# The tests' own process only, whose database is thrown away: what is started to be killed commits as the product does.
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql" and "pytest" in sys.modules:
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
