"""Secrets are compared in a time that says nothing of how much of a guess was right (SEC-68)."""

import ast
import hmac
import secrets
from collections.abc import Iterator

import pytest

from docstore.access import keys
from docstore.access.actor import system
from docstore.core import clock
from docstore.intake import sheets
from docstore.intake.matching import Doubt
from docstore.intake.models import Item
from docstore.intake.stations import issue_station_key
from tests.courts import TwoCourts
from tests.intake.sending import Sender
from tests.rules.source import called, modules

pytestmark = pytest.mark.requirement("SEC-68")

# Digests of content are no secrets: whoever has the bytes has them too. Receipts and envelopes are verified with the
# public key alone, by the library of the algorithm; nothing secret takes part in it.
SECRET = {"secret", "mac", "_mac", "hmac", "token", "password", "certificate", "thumbprint", "signature", "sig"}


def compared(tree: ast.AST) -> Iterator[ast.Compare]:
    """Comparisons that stop at the first difference, of something that a name calls secret."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Compare)
            and any(isinstance(one, ast.Eq | ast.NotEq) for one in node.ops)
            and any(_name(one) in SECRET for one in (node.left, *node.comparators))
        ):
            yield node


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call():
            return called(node)
        case _:
            return ""


def test_nothing_secret_is_compared_letter_by_letter() -> None:
    assert [module.at(node) for module in modules() for node in compared(module.tree)] == []
    for wrong in ("given.mac == mac", "secret != row.digest", "_mac(said) == told"):
        assert list(compared(ast.parse(wrong)))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[set[object]]:
    """What the two comparisons of constant time were asked to compare."""
    asked: list[set[object]] = []
    genuine = hmac.compare_digest

    def listening(one: str, other: str) -> bool:
        asked.append({one, other})
        return genuine(one, other)

    monkeypatch.setattr(hmac, "compare_digest", listening)
    monkeypatch.setattr(secrets, "compare_digest", listening)
    return asked


@pytest.mark.django_db
def test_keys_certificates_and_macs_are_compared_in_constant_time(courts: TwoCourts, told: list[set[object]]) -> None:
    sender = Sender(courts)
    assert sender.get("stations/me").status_code == 200
    secret = sender.key.split("_", 3)[3]
    assert {keys.digest_of(secret)} in told

    bound = issue_station_key(by=system("tests"), station_id=sender.station.pk, label="bound", certificate="ab" * 32)
    sender.get("stations/me", Authorization=f"Bearer {bound}", X_Client_Certificate_SHA256="cd" * 32)
    assert {"ab" * 32, ""} in told  # no proxy of ours vouches for the header, so none was shown

    [made] = sheets.make_sheets(by=courts.actor("clerk"), case_id=courts.case.pk, type="statements", count=1)
    item = Item.objects.select_related("batch__court").get(batch=sender.open(b"a paper"))
    guess = "0" * len(made.code.rpartition("|")[2])
    judged = sheets.judge(f"{made.code.rpartition('|')[0]}|{guess}", item, at=clock.now())
    assert isinstance(judged, Doubt)
    assert any(guess.encode() in one or guess in one for one in told)
