"""The access page: roles, what they may do, what they read in each section, and what every address asks for."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from docstore.access.permissions import Permission
from docstore.access.roles import ROLES
from docstore.api.access import ROUTES as API_ROUTES
from docstore.cases.catalogue import CATALOGUE
from docstore.cases.doors import Door, Routes
from docstore.management.references.markdown import page, table
from docstore.web.access import ROUTES as PAGE_ROUTES

ROUTES: Routes = API_ROUTES | PAGE_ROUTES
MARK = "●"


def render() -> str:
    """Return the access page."""
    return page(
        "Who may see and do what",
        "A decision is made from role, court, membership, section, side, classification, seal, exclusion and dates"
        " together, in `docstore/cases/scope.py`. What somebody may not see does not exist for them: the answer is 404.",
        "## Roles",
        _roles(),
        "## What a role may do in general",
        _permissions(),
        *_sections(),
        "## Addresses",
        _addresses(),
    )


def addresses() -> dict[str, str]:
    """Return every named address of the product with its path."""
    return dict(_named(get_resolver().url_patterns, ""))


def _roles() -> str:
    head = ("role", "code", "opens by itself", "up to", "sealed papers", "is")
    return table(
        head,
        (
            (one.name, f"`{one.code}`", one.reach, one.clearance.name, "yes" if one.opens_sealed else "", one.sentence)
            for one in ROLES.values()
        ),
    )


def _permissions() -> str:
    codes = list(ROLES)
    rows = ([one, *(MARK if one in ROLES[code].permissions else "" for code in codes)] for one in Permission)
    return table(["may", *codes], rows)


def _sections() -> Iterator[str]:
    yield "## What a role may do in each section\n\nr read · f file · d download · x remove"
    for kind in CATALOGUE:
        codes = [code for code in ROLES if any(code in section.rights for section in kind.sections)]
        yield f"### {kind.name}"
        yield table(
            ["section", "shared with", *codes],
            ([one.name, one.partition, *(one.rights.get(code, "") for code in codes)] for one in kind.sections),
        )


def _addresses() -> str:
    paths = addresses()
    rows = (
        [f"`{method} {paths.get(name, '?')}`", door.target, door.permission or "", door.right or "", _who(door)]
        for name, methods in ROUTES.items()
        for method, door in methods.items()
    )
    return table(["address", "is about", "needs permission to", "and right to", "roles that have the permission"], rows)


def _who(door: Door) -> str:
    codes = [code for code, role in ROLES.items() if door.opens_for(role)]
    return "all" if len(codes) == len(ROLES) else ", ".join(codes)


def _named(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        path = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield pattern.name, "/" + path
        elif pattern.app_name != "admin":
            yield from _named(pattern.url_patterns, path)
