"""What the browser looks at for faults is a page, and what is said to be none is none."""

from django.test import Client

from tests.browser.every_page import ABSENT, NOT_PAGES, open_to, pages
from tests.courts import TwoCourts
from tests.security.test_page_matrix import address
from tests.security.world import build


def test_every_address_that_is_looked_at_answers_with_a_page(courts: TwoCourts) -> None:
    matrix, odd = build(courts), []
    for name in [one for one in pages() if one not in ABSENT]:
        client = Client()
        client.force_login(courts.people[open_to(name)[0]])
        answer = client.get(address(matrix, name, "visible"))
        kind = answer.headers.get("Content-Type", "")
        if not kind.startswith("text/html") or (
            answer.status_code in (301, 302, 303) and not name.startswith("account")
        ):
            odd.append((name, answer.status_code, kind))
    assert odd == []
    assert NOT_PAGES & set(pages()) == set()
