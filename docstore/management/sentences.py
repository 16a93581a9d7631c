"""Sentences that people read and that stand in code as data: refusals, events, roles. Their Welsh is in the catalogue, too.

Knows where each room keeps its sentences. `manage.py messages` writes them into the catalogue beside those of templates.
"""

import importlib
import pkgutil
from collections.abc import Iterator

import docstore
from docstore.access.permissions import Permission
from docstore.access.roles import ROLES
from docstore.audit.kinds import CATALOGUE
from docstore.cases.catalogue import CATALOGUE as CASE_TYPES
from docstore.core.errors import Refusal

# Not ours to import outside of Django's own ways, or without a sentence.
LEFT_OUT = ("docstore.migrations", "docstore.management", "docstore.reading.child", "docstore.admin")


def sentences() -> list[str]:
    """Return every sentence once, in order."""
    found = {kind.template() for kind in refusals()}
    found |= {kind.sentence for kind in CATALOGUE.values()}
    found |= {text for role in ROLES.values() for text in (role.name, role.sentence)}
    found |= {str(one) for one in Permission}
    found |= {name for kind in CASE_TYPES for name in (kind.name, *(one.name for one in kind.sections))}
    return sorted(found)


def refusals() -> Iterator[type[Refusal]]:
    """Yield every class of refusal, those of all rooms included."""
    for module in pkgutil.walk_packages(docstore.__path__, "docstore."):
        if not module.name.startswith(LEFT_OUT):
            importlib.import_module(module.name)
    yield from _with_subclasses(Refusal)


def _with_subclasses(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for inner in kind.__subclasses__():
        if inner.__module__.startswith("docstore."):
            yield from _with_subclasses(inner)
