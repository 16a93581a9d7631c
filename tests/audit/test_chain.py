"""The bytes of the chain against fixed values, which were computed with sha256sum and not with this code."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from docstore.audit import chain

HEADER = b'{"actor":"a-1","format":1,"seq":1,"stream":"security"}'
SALT = bytes(range(16))
PAYLOAD = '{"reason":"Gŵyl – “twice”"}'.encode()
FIRST = "a5288aefdc93a8f527c2c0bd24fa08267f489c8d81e429f8b5aec2b06fe3139c"
COMMITMENT = "900b3f521a72f740a19affb9ced9ec144e769aa6e2a39a5b9f8f34838d107f4d"
LINK = "428c14a6a89d73afd184c592d461ed2fce54a9c63df035182734da054cab4b48"


def test_first_link_of_a_stream_is_fixed() -> None:
    assert chain.first_hash("security").hex() == FIRST


def test_commitment_to_a_payload_is_fixed() -> None:
    assert chain.commitment(SALT, PAYLOAD).hex() == COMMITMENT


@pytest.mark.requirement("SEC-92")
def test_link_of_an_event_is_fixed() -> None:
    assert chain.event_hash(bytes.fromhex(FIRST), HEADER, bytes.fromhex(COMMITMENT)).hex() == LINK


def test_canonical_json_sorts_keys_keeps_letters_and_has_no_spaces() -> None:
    assert (
        chain.canonical({"b": [True, None, 7], "a": 'ŵ\n\x07"/'})
        == '{"a":"ŵ\\n\\u0007\\"/","b":[true,null,7]}'.encode()
    )


@pytest.mark.parametrize("ambiguous", [1.5, 2**53, -(2**53), {"clé": 1}, [0.0], {"deep": [{"er": 0.1}]}])
def test_what_two_programs_could_write_in_two_ways_is_refused(ambiguous: object) -> None:
    with pytest.raises(TypeError):
        chain.canonical({"fact": ambiguous})


def test_times_are_written_in_utc_always_with_microseconds() -> None:
    summer = timezone(timedelta(hours=1))
    assert chain.moment(datetime(2026, 7, 1, 10, 0, tzinfo=summer)) == "2026-07-01T09:00:00.000000Z"
    assert chain.moment(datetime(2026, 7, 1, 9, 0, 0, 1, tzinfo=UTC)) == "2026-07-01T09:00:00.000001Z"
