"""Tests: the services that the environment names, else the embedded defaults, all under a folder of their own."""

import os
import tempfile

os.environ["DOCSTORE_ENV"] = "test"
os.environ.setdefault("DOCSTORE_STATE", tempfile.mkdtemp(prefix="docstore-test-"))

from config.settings.base import *  # noqa: E402, F403 - the environment has to be named before base reads it
from config.settings.base import DATABASES, DOCSTORE, STATE, STORAGES  # noqa: E402 - changed below

DEBUG = False
SECRET_KEY = "tests-only-" + "0" * 50
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hundreds of accounts are made; Argon2 has its own test
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
DOCSTORE["JOBS"] = {**DOCSTORE["JOBS"], "BACK_OFF_SECONDS": 0}
CELERY_TASK_ALWAYS_EAGER = False
# A file, not memory: tests about several processes and threads need a database that all of them can open.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["TEST"] = {"NAME": str(STATE / "test.sqlite3")}
