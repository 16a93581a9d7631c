"""Check digits and normal forms, by the vectors of the domain notes."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from docstore.cases.references import ReferenceInvalid, parse, shown
from docstore.core.references import is_luhn_16, with_luhn_digit


@pytest.mark.requirement("DOM-2.1")
@pytest.mark.parametrize(
    "text",
    ["1111222233334444", "1732345678901234", "1730000000100003", "1600000000000002", "#1732-3456-7890-1234",
     "1732 3456 7890 1234", "1732345678091234"],
)  # fmt: skip
def test_good_sixteen_digit_numbers_are_taken(text: str) -> None:
    assert is_luhn_16(parse("ccd", text, pointer="/").value)


@pytest.mark.requirement("DOM-2.1")
@pytest.mark.parametrize(
    "text",
    ["1111222233334446", "1732345678901235", "1732345678901243", "0000000000000000", "173234567890123", "17323456789012345",
     "+732345678901234", "173234567890123O", "١٧٣٢٣٤٥٦٧٨٩٠١٢٣٤"],
)  # fmt: skip
def test_bad_sixteen_digit_numbers_are_refused_with_a_pointer(text: str) -> None:
    with pytest.raises(ReferenceInvalid) as refused:
        parse("ccd", text, pointer="/references/0")

    assert refused.value.errors[0].pointer == "/references/0/value"


@pytest.mark.parametrize("text", ["87GD9945217", "87gd 9945217"])
def test_good_urns_are_taken_and_normalised(text: str) -> None:
    assert parse("urn", text, pointer="/").value == "87GD9945217"


@pytest.mark.parametrize("text", ["87GD994521", "8GD9945217", "87GDO945217"])
def test_bad_urns_are_refused(text: str) -> None:
    with pytest.raises(ReferenceInvalid):
        parse("urn", text, pointer="/")


@given(some.text("0123456789", min_size=15, max_size=15).filter(lambda stem: stem.strip("0")))
def test_every_made_number_checks_and_one_wrong_digit_is_always_seen(stem: str) -> None:
    number = with_luhn_digit(stem)

    assert is_luhn_16(number)
    for place in range(16):
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert not is_luhn_16(wrong)


def test_numbers_are_shown_in_groups() -> None:
    assert shown("ccd", "1732345678901234") == "1732 3456 7890 1234"
