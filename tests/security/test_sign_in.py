"""One way in: no second path, no hint about who exists, no way to another site, no privilege by being an administrator."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.urls import reverse

from docstore.access.models import User
from docstore.core import clock
from docstore.core.signing import make_key
from docstore.web.signin import SEEN
from tests.courts import TwoCourts

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "DOCSTORE_ENV": "production",
    "DOCSTORE_SECRET_KEY": "k8Z-qW3_vB7.nM2x" * 4,
    "DOCSTORE_HOSTS": "papers.court.test",
    "DATABASE_URL": "postgresql://docstore:a-long-one-9182@db.court.test/docstore",
    "S3_ENDPOINT_URL": "https://objects.court.test",
    "S3_ACCESS_KEY": "docstore-web",
    "S3_SECRET_KEY": "another-long-one-5561",
    "S3_ANCHOR_BUCKET": "court-evidence",
    "DOCSTORE_DESTROYER": "elsewhere",
    "CLAMD_ADDRESS": "clamd.court.test:3310",
    "OPENSEARCH_URL": "https://search.court.test:9200",
    "REDIS_URL": "rediss://:pass@redis.court.test/0",
}


@pytest.mark.requirement("SEC-53")
@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/admin/", "/admin/login/"])
def test_the_admin_has_no_sign_in_of_its_own(courts: TwoCourts, address: str) -> None:
    response = Client().post(address, {"username": "clerk", "password": "test-password-1"}, follow=False)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(("/sign-in/", "/admin/login/"))
    assert "sessionid" not in response.cookies


@pytest.mark.requirement("SEC-53")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/api-auth/login/", "/accounts/login/", "/api/v1/token", "/accounts/signup/", "/sign-up/"]
)
def test_there_is_no_other_door(address: str) -> None:
    assert Client().get(address).status_code == 404


@pytest.mark.requirement("SEC-53")
@pytest.mark.django_db
def test_a_session_opens_no_api_and_a_password_neither(courts: TwoCourts) -> None:
    client = Client()
    client.force_login(courts.people["clerk"])
    assert client.get("/api/v1/me").status_code == 401


@pytest.mark.requirement("SEC-15")
@pytest.mark.django_db
def test_the_admin_is_closed_to_people_and_only_looks_for_administrators(courts: TwoCourts) -> None:
    client = Client()
    client.force_login(courts.people["clerk"])
    assert client.get("/admin/").status_code == 302
    boss = User.objects.create_superuser(
        "boss", "test-password-1", name="Boss", created_at=courts.people["clerk"].created_at
    )
    client.force_login(boss)
    assert client.get("/admin/docstore/user/").status_code == 200
    assert client.get("/admin/docstore/user/add/").status_code == 403
    assert client.post(f"/admin/docstore/user/{boss.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.requirement("DOM-9.5")
@pytest.mark.django_db
def test_an_administrator_has_no_power_over_cases_by_that_alone(courts: TwoCourts) -> None:
    boss = User.objects.create_superuser(
        "boss", "test-password-1", name="Boss", created_at=courts.people["clerk"].created_at
    )
    client = Client()
    client.force_login(boss)
    assert client.get(f"/cases/{courts.case.pk}/").status_code == 404


@pytest.mark.requirement("SEC-65")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "http:///evil.test",
        "javascript:alert(1)",
        "\thttps://evil.test",
    ],
)
def test_nobody_is_sent_to_another_site(courts: TwoCourts, target: str) -> None:
    response = Client().post("/sign-in/", {"login": "clerk", "password": "test-password-1", "next": target})
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/")
    assert not response.headers["Location"].startswith(("//", "/\\"))


@pytest.mark.requirement("SEC-65")
@pytest.mark.django_db
def test_people_arrive_where_they_wanted_to_go(courts: TwoCourts) -> None:
    response = Client().post("/sign-in/", {"login": "clerk", "password": "test-password-1", "next": "/cases/"})
    assert response.headers["Location"] == "/cases/"


@pytest.mark.django_db
def test_a_wrong_name_and_a_wrong_password_look_alike(courts: TwoCourts) -> None:
    known = Client().post("/sign-in/", {"login": "clerk", "password": "wrong"}).content.decode()
    unknown = Client().post("/sign-in/", {"login": "nobody", "password": "wrong"}).content.decode()
    assert _without_tokens(known, "clerk") == _without_tokens(unknown, "nobody")


@pytest.mark.requirement("SEC-58")
@pytest.mark.django_db
def test_the_session_is_a_new_one_after_signing_in(courts: TwoCourts) -> None:
    client = Client()
    client.get("/sign-in/")
    client.session.save()
    before = client.session.session_key
    client.post("/sign-in/", {"login": "clerk", "password": "test-password-1"})
    assert client.session.session_key != before


def test_what_an_open_page_asks_by_itself_keeps_no_session_alive(courts: TwoCourts) -> None:
    client = Client()
    client.post("/sign-in/", {"login": "clerk", "password": "test-password-1"})
    long_ago = clock.seconds() - settings.SESSION_IDLE_SECONDS + 5
    session = client.session
    session[SEEN] = long_ago
    session.save()

    assert client.get("/notices/", headers={"X-Asked-By": "page"}).status_code == 200
    assert client.session[SEEN] == long_ago
    assert client.get("/help/").status_code == 200
    assert client.session[SEEN] > long_ago


def test_the_pages_of_second_factors_open(courts: TwoCourts) -> None:
    client = Client()
    client.post("/sign-in/", {"login": "clerk", "password": "test-password-1"})
    for name in ("mfa_index", "mfa_list_webauthn", "account_reauthenticate"):
        assert client.get(reverse(name)).status_code == 200, name


def test_passwords_are_long_and_not_common() -> None:
    for weak in ("short-one-1", "qwerty123456"):
        with pytest.raises(ValidationError):
            validate_password(weak)
    validate_password("seven magpies on a wall")
    validate_password("x9" * 64)


def test_passwords_are_kept_with_argon2id() -> None:
    hashers = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers):
        kept = make_password("seven magpies on a wall")
        assert identify_hasher(kept).algorithm == "argon2"
    assert "argon2id" in kept


def check(**changes: str) -> "subprocess.CompletedProcess[str]":
    """Run Django's deployment checks as a production installation with these settings would."""
    make_key(Path(settings.STATE) / "signing")
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")}
    environment = {
        **kept,
        **SAFE,
        **changes,
        "DOCSTORE_STATE": str(settings.STATE),
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.requirement("SEC-72")
def test_a_production_configuration_is_clean() -> None:
    done = check()
    assert done.returncode == 0, done.stderr


@pytest.mark.requirement("SEC-72", "SEC-25")
@pytest.mark.parametrize(
    "change",
    [
        {"DOCSTORE_SECRET_KEY": ""},
        {"DOCSTORE_SECRET_KEY": "django-insecure-" + "x" * 50},
        {"DOCSTORE_SECRET_KEY": "changeme" * 10},
        {"DOCSTORE_HOSTS": "*"},
        {"DOCSTORE_HOSTS": ""},
        {"DATABASE_URL": "postgresql://docstore:postgres@db/docstore"},
        {"DATABASE_URL": "postgresql://docstore@db/docstore"},
        {"S3_SECRET_KEY": "minioadmin"},
        {"CLAMD_ADDRESS": ""},
        {"DOCSTORE_SIGNING": "/nowhere"},
        {"S3_ANCHOR_BUCKET": ""},
    ],
    ids=lambda change: next(f"{name}={value[:20]}" for name, value in change.items()),
)
def test_what_suits_a_demonstration_is_refused_in_production(change: dict[str, str]) -> None:
    assert check(**change).returncode != 0


@pytest.mark.requirement("SEC-63")
def test_cookies_of_a_production_installation() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from django.conf import settings as s;"
            "print(s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE,"
            " s.CSRF_COOKIE_NAME, s.CSRF_COOKIE_SECURE, s.CSRF_COOKIE_HTTPONLY, s.CSRF_COOKIE_SAMESITE,"
            " s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH)",
        ],
        cwd=ROOT,
        env={
            **SAFE,
            "PATH": os.environ["PATH"],
            "DOCSTORE_STATE": str(settings.STATE),
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert told.stdout.split() == [
        "__Host-session",
        "True",
        "True",
        "Lax",
        "__Host-csrf",
        "True",
        "True",
        "Lax",
        "None",
        "/",
    ]


def _without_tokens(page: str, name: str) -> str:
    lines = [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]
    return "\n".join(lines).replace(f'value="{name}"', "")
