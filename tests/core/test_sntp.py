"""A time server is asked over a real socket, and believed only where its answer is one to the question."""

import socket
from datetime import timedelta

import pytest

from docstore.core import sntp
from tests.core.time_server import time_server


@pytest.mark.parametrize("ahead", [0, 90, -90, 11 * 365 * 86_400])  # the last lies behind the server's era
def test_an_offset_is_told_with_its_sign(ahead: int) -> None:
    with time_server(ahead=ahead) as host:
        assert abs(sntp.offset(host) - timedelta(seconds=ahead)) < timedelta(milliseconds=500)


@pytest.mark.parametrize(
    "answer",
    [{"origin": b"another1"}, {"first": 0b11_100_100}, {"first": 0b00_100_011}, {"stratum": 0}, {"stratum": 16}],
)
def test_an_answer_that_proves_nothing_is_none(answer: dict[str, int]) -> None:
    with time_server(**answer) as host, pytest.raises(sntp.TimeServerSilent):  # type: ignore[arg-type] # each is of its own type
        sntp.offset(host)


def test_silence_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sntp, "SECONDS", 0.05)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        with pytest.raises(sntp.TimeServerSilent, match="gave no answer"):
            sntp.offset(f"127.0.0.1:{line.getsockname()[1]}")
        port = line.getsockname()[1]
    with pytest.raises(sntp.TimeServerSilent):  # nobody is there any more
        sntp.offset(f"127.0.0.1:{port}")
