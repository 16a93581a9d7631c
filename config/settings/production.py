"""A real court. Refuses to start with anything that only suits a demonstration: see docstore.checks."""

import os

from config.settings.base import *  # noqa: F403 - a settings module is its names
from config.settings.base import DOCSTORE

DOCSTORE["DISPOSAL"]["GATHER"] = os.environ.get("DOCSTORE_DISPOSAL_GATHER", "1") == "1"

SECURE_SSL_REDIRECT = False  # the proxy closes port 80 for the API host; redirecting would hide a leaked key (SEC-73)
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # X-Frame-Options is set by docstore.web.security, on crashes and refusals too
    "security.W008",  # see SECURE_SSL_REDIRECT
]
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_HTTPONLY = True
