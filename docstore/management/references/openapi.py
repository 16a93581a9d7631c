"""The OpenAPI description, from the same code that answers."""

import json

from drf_spectacular.generators import SchemaGenerator


def render() -> str:
    """Return the description as JSON with its keys in a steady order."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call] # untyped there
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
