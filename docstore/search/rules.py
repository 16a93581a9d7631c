"""By which rules an index is built. An index made by others is built anew, beside the old one, before it is used.

`VERSION` grows whenever what is written of a page changes: how text is cut into terms, stems, shapes, legal tokens. A test
holds it against a page that was written down, so that nobody forgets.
"""

import hashlib
import json

VERSION = 3


def digest(mapping: object) -> str:
    """Return the name of the rules with this mapping of fields, short enough to stand in the name of an index."""
    return hashlib.sha256(json.dumps([VERSION, mapping], sort_keys=True).encode()).hexdigest()[:10]
