"""The demo court on one machine: `make run`."""

import os

os.environ.setdefault("DOCSTORE_ENV", "demo")

from config.settings.base import *  # noqa: F403 - the environment has to be named before base reads it

DEBUG = os.environ.get("DOCSTORE_DEBUG", "1") == "1"
SECRET_KEY = os.environ.get("DOCSTORE_SECRET_KEY", "demo-court-only-" + "0" * 50)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
