"""Settings common to every way of running. The environment is read here and in the modules beside this one."""

import os
from pathlib import Path
from typing import Any

import dj_database_url

from config.settings import storage

ROOT = Path(__file__).resolve().parents[2]
STATE = Path(os.environ.get("DOCSTORE_STATE", ROOT / "var")).resolve()
ENV = os.environ.get("DOCSTORE_ENV", "production")
GIB = 1024**3
MIB = 1024**2
LARGEST_FILE = 1 * GIB

DEBUG = False
SECRET_KEY = os.environ.get("DOCSTORE_SECRET_KEY", "")
ALLOWED_HOSTS = [host for host in os.environ.get("DOCSTORE_HOSTS", "").split(",") if host]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("DOCSTORE_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "docstore.apps.DocstoreConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # allauth's list of passkeys says with it when each was used
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "docstore.web.security.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "docstore.api.hygiene.RequestHygiene",
    "docstore.api.restored.HeldUntilReplayed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "docstore.web.signin.SessionPolicy",
    "allauth.account.middleware.AccountMiddleware",
    "docstore.web.refusals.RefusalPages",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "docstore" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "docstore.web.frame.frame",
            ],
            "builtins": ["docstore.web.tags"],
        },
    }
]
FORM_RENDERER = "docstore.web.forms.renderer.GovukRenderer"

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{STATE / 'docstore.sqlite3'}", conn_max_age=60, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets readers go on beside the one writer; IMMEDIATE takes the write lock when a transaction begins, so that
    # two writers wait for each other instead of failing half-way. FULL: a row that somebody was told of outlasts a
    # power cut; with NORMAL the last commits may be undone by one.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }

AUTH_USER_MODEL = "docstore.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "docstore.web.signin.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "docstore.web.forms.signin.SignInForm",
    "reauthenticate": "docstore.web.forms.signin.PasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "60/m/ip"}
MFA_ADAPTER = "docstore.web.signin.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "docstore.web.forms.signin.CodeForm",
    "reauthenticate": "docstore.web.forms.signin.CodeAgainForm",
    "activate_totp": "docstore.web.forms.signin.FirstCodeForm",
    "add_webauthn": "docstore.web.forms.signin.AddKeyForm",
    "edit_webauthn": "docstore.web.forms.signin.RenameKeyForm",
}
MFA_TOTP_ISSUER = "Docstore"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_SECONDS = 30 * 60
SESSION_LONGEST_SECONDS = 8 * 60 * 60

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("cy", "Cymraeg")]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [ROOT / "docstore" / "web" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STATICFILES_DIRS = [ROOT / "docstore" / "web" / "static"]
WHITENOISE_USE_FINDERS = True

FILE_UPLOAD_HANDLERS = ["docstore.intake.receiving.HashingUploadHandler"]
FILE_UPLOAD_TEMP_DIR = str(STATE / "incoming")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * MIB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 50

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["docstore.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["docstore.api.parsing.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "docstore.api.problems.answer",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Docstore",
    "VERSION": "1",
    "DESCRIPTION": "Case documents of courts and tribunals. Conventions: docs/reference/api.md.",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],  # the description is not public (SEC-88)
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "docstore.api.links.add_links"],
}

REDIS_URL = os.environ.get("REDIS_URL", "")
OPENSEARCH_URL = os.environ.get("OPENSEARCH_URL", "")
CLAMD_ADDRESS = os.environ.get("CLAMD_ADDRESS", "")

YEAR_SECONDS = 365 * 24 * 60 * 60
STORAGES = storage.storages(STATE)
# "elsewhere" where a disposal worker of its own has the destroyer's identity; what removes stored bytes is left to it.
REMOVES = os.environ.get("DOCSTORE_DESTROYER", "here") != "elsewhere"

LEASE_SECONDS = int(os.environ.get("DOCSTORE_LEASE_SECONDS", "30"))
DOCSTORE: dict[str, Any] = {
    "ENV": ENV,
    "STATE": STATE,
    # A folder with current.pem, the private Ed25519 key, and past/*.pem, the public keys that signed before.
    "SIGNING": os.environ.get("DOCSTORE_SIGNING", str(STATE / "signing")),
    # How long the storage itself keeps evidence (compliance lock, for ever is not offered); none where courts are tried out.
    "ANCHOR_LOCK_SECONDS": 75 * YEAR_SECONDS if ENV == "production" else 0,
    # Whether the vault's own write-once protection is part of this installation; a vault without it then stops destruction.
    "VAULT_LOCK": bool(storage.SERVER) and os.environ.get("DOCSTORE_VAULT_LOCK", "1") == "1",
    # The role that web and workers connect as, where it is not the tables' owner: migrations grant it what it needs.
    "DATABASE_ROLE": os.environ.get("DOCSTORE_DATABASE_ROLE", ""),
    # Which server (host or host:port, NTP) the clock is held against; none leaves that to the machine.
    "TIME_SERVER": os.environ.get("DOCSTORE_TIME_SERVER", ""),
    # How far ahead the storage itself keeps papers, renewed night by night; none where courts are tried out, whose clock is moved.
    "VAULT_LOCK_DAYS": int(os.environ.get("DOCSTORE_VAULT_LOCK_DAYS", "90" if ENV == "production" else "0")),
    # How much of the vault is read again a day, to see whether it is as it was filed: 24 GiB are 2 TiB in ninety days.
    "FIXITY_DAY_BYTES": int(os.environ.get("DOCSTORE_FIXITY_DAY_BYTES", str(24 * GIB))),
    "CONTENT_ORIGIN": os.environ.get("DOCSTORE_CONTENT_ORIGIN", ""),
    "SEARCH": (
        {
            "BACKEND": "docstore.search.engines.opensearch.OpenSearchEngine",
            "OPTIONS": {
                "url": OPENSEARCH_URL,
                "alias": os.environ.get("OPENSEARCH_ALIAS", "docstore"),
                # Of indices that are built from now on: after a change, `manage.py reindex`.
                "shards": int(os.environ.get("OPENSEARCH_SHARDS", "1")),
                "replicas": int(os.environ.get("OPENSEARCH_REPLICAS", "0")),
            },
        }
        if OPENSEARCH_URL
        else {"BACKEND": "docstore.search.engines.embedded.EmbeddedEngine", "OPTIONS": {"path": str(STATE / "index")}}
    ),
    "SCANNER": (
        {
            "BACKEND": "docstore.reading.scanner.Clamd",
            "OPTIONS": {"address": CLAMD_ADDRESS, "smallest_limit": LARGEST_FILE},
        }
        if CLAMD_ADDRESS
        else {"BACKEND": "docstore.reading.scanner.NoScanner", "OPTIONS": {}}
    ),
    "OCR": {"ENGINE": os.environ.get("DOCSTORE_OCR", "auto"), "LANGUAGES": ["eng", "cym"]},
    "OFFICE": {"FONTS": os.environ.get("DOCSTORE_OFFICE_FONTS", "plain")},
    "SANDBOX": {"REQUIRED": ENV == "production"},
    "LIMITS": {
        "FILE_BYTES": LARGEST_FILE,
        "PDF_BYTES": 300 * MIB,
        "PAGES": 5_000,
        "PIXELS": 100_000_000,
        "CHECK_AT_ONCE_BYTES": 64 * MIB,
        # Of zips, and of the office documents that are zips; whatever is said here, no more than a GiB is unpacked.
        "ARCHIVE_ENTRIES": 10_000,
        "ARCHIVE_BYTES": 1 * GIB,
        "ARCHIVE_RATIO": 200,
        # Of one account to the API, counted per web process; stations have a limit of their own.
        "REQUESTS_PER_MINUTE": int(os.environ.get("DOCSTORE_RATE", "12000")),
        "RATE_SECONDS": float(os.environ.get("DOCSTORE_RATE_SECONDS", "60")),
    },
    "INTAKE": {
        "BATCH_ITEMS": 1_000,
        "BATCH_HOURS": 24,
        "UPLOAD_HOURS": 24,
        "PARALLEL_UPLOADS": 8,
        "DAY_BYTES": 200 * GIB,
        "DAY_ITEMS": 100_000,
        "PERSON_DAY_BYTES": 100 * GIB,
        "PERSON_DAY_FILES": 20_000,
        "PERSON_PARALLEL": 8,
        "REQUESTS_PER_MINUTE": int(os.environ.get("DOCSTORE_STATION_RATE", "1200")),
        "OVERDUE_MINUTES": 60,
        # A station that is not heard of for so long between these hours of a weekday is reported.
        "SILENCE_MINUTES": 60,
        "WORKING_FROM": 10,
        "WORKING_UNTIL": 18,
        "REJECTED_HOURS": 72,
        # How long a printed separator sheet is good.
        "SHEET_DAYS": 30,
        # A folder of PEM files: the public keys with which suppliers sign their envelopes.
        "ENVELOPE_KEYS": os.environ.get("DOCSTORE_ENVELOPE_KEYS", str(STATE / "envelope-keys")),
    },
    # Where webhooks may go: hosts by name, with their port where it is not the usual one; and private networks opened for it.
    "OUTBOUND": {
        "HOSTS": [host for host in os.environ.get("DOCSTORE_OUTBOUND_HOSTS", "").split(",") if host],
        "PRIVATE_NETWORKS": [one for one in os.environ.get("DOCSTORE_OUTBOUND_NETWORKS", "").split(",") if one],
    },
    # Networks of our own proxies: only they are believed about addresses and client certificates.
    "PROXIES": [network for network in os.environ.get("DOCSTORE_PROXIES", "").split(",") if network],
    "DISPOSAL": {
        "COOLING_DAYS": 7,
        "APPROVAL_DAYS": 60,
        "GRACE_HOURS": 24,
        "CAP_PER_DAY": int(os.environ.get("DOCSTORE_DISPOSAL_PER_DAY", "100000")),
        "CAP_PER_MINUTE": int(os.environ["DOCSTORE_DISPOSAL_PER_MINUTE"])
        if os.environ.get("DOCSTORE_DISPOSAL_PER_MINUTE")
        else None,
        "WINDOW": None,
        "SIDE_BY_SIDE": min(int(os.environ.get("DOCSTORE_DISPOSAL_SIDE_BY_SIDE", "50")), 500),
        "BACKUP_DAYS": int(os.environ.get("DOCSTORE_BACKUP_DAYS", "35")),
        # How long snapshots of the search index are kept; none are taken unless the operator sets this up.
        "INDEX_SNAPSHOT_DAYS": int(os.environ.get("DOCSTORE_INDEX_SNAPSHOT_DAYS", "0")),
        "ALARM_AFTER": 5,
        "STUB_YEARS": None,
        # How often each web process asks whether a backup was restored under it; 0 leaves that to start-up and doctor.
        "LEDGER_SECONDS": 60,
        # Whether the night puts what is due on lists by class and court; and whether what a class lets go without a
        # person's word may go so at all. The second is a decision of the organisation, never a default.
        "GATHER": os.environ.get("DOCSTORE_DISPOSAL_GATHER") == "1",
        "AUTOMATIC": os.environ.get("DOCSTORE_DISPOSAL_AUTOMATIC") == "1",
    },
    "JOBS": {
        "RUN_AT_ONCE": "workers.pipeline.run_at_once",
        "LEASE_SECONDS": LEASE_SECONDS,
        "HEARTBEAT_SECONDS": LEASE_SECONDS / 4,
        "ATTEMPTS": 4,
        # Files are opened in children; a worker itself dies of its machine far more often than of its work.
        "DEATHS": 10,
        "LEAVES_OUT": () if REMOVES else ("disposal.carry_out", "retention.transfer"),
        "BACK_OFF_SECONDS": 5,
    },
    "RETENTION": {
        "COMBINE": os.environ.get("DOCSTORE_RETENTION_COMBINE", "longest"),  # or "nearest": the closest level's rule
        "END_OF_DAY": os.environ.get("DOCSTORE_RETENTION_END_OF_DAY") == "1",
        "FISCAL_START": 4,
        "LEAP_DAY_LATER": True,
        "PROVISIONAL_DAYS": 7,
        "SHORTENING_GUARD_DAYS": 365,
        "RELEASE_GUARD_DAYS": 30,
        "STALE_YEARS": 6,
        "OLDEST_TRIGGER_YEARS": 30,
    },
}

if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "visibility_timeout": 600,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        # Whoever files a paper while the broker is away is not kept waiting for it: a wake-up that fails is made good.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.1,
        "socket_connect_timeout": 1,
    }
else:
    _BROKER = STATE / "broker"
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_BROKER / "queue"),
        "data_folder_out": str(_BROKER / "queue"),
        "control_folder": str(_BROKER / "control"),
        "polling_interval": 0.2,  # a second by default, which is what people would wait for a page
    }
    for _folder in ("queue", "control"):  # the transport expects to find them
        (_BROKER / _folder).mkdir(parents=True, exist_ok=True)
for _folder in ("incoming", "static"):
    (STATE / _folder).mkdir(parents=True, exist_ok=True)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
if not REMOVES:
    CELERY_TASK_ROUTES = {"workers.upkeep.sweep_vault": {"queue": "disposal"}}
CELERY_TASK_SOFT_TIME_LIMIT = 300
CELERY_TASK_TIME_LIMIT = 360
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_POOL = "workers.pool:TaskPool"
# A task answers nothing, so a dead process is not waited for.
CELERY_WORKER_LOST_WAIT = 1.0
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE / "beat-schedule")
