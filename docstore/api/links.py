"""What can be done next, in the published document: links from opening a batch to everything that follows it (OpenAPI 3.1).

Clients that read the document find the way by it, and so does the test that walks through the API at random.
"""

from typing import Any

BATCH = "$response.body#/id"
# From an answer of one operation: under which name, to which operation, and what its parameters are taken from.
LINKS: dict[tuple[str, str], dict[str, tuple[str, dict[str, str]]]] = {
    ("batches_open", "201"): {
        "follow": ("batches_follow", {"batch_id": BATCH}),
        "amend": ("batches_amend", {"batch_id": BATCH, "header.If-Match": "$response.header.ETag"}),
        "send": ("items_send", {"batch_id": BATCH, "seq": "$response.body#/items/0/seq"}),
        "begin": ("uploads_begin", {"batch_id": BATCH, "seq": "$response.body#/items/0/seq"}),
        "close": ("batches_close", {"batch_id": BATCH}),
    },
    ("batches_follow", "200"): {
        "send": ("items_send", {"batch_id": BATCH, "seq": "$response.body#/items/0/seq"}),
        "close": ("batches_close", {"batch_id": BATCH}),
        "receipt": ("batches_receipt", {"batch_id": BATCH}),
    },
    ("batches_close", "202"): {
        "follow": ("batches_follow", {"batch_id": BATCH}),
        "receipt": ("batches_receipt", {"batch_id": BATCH}),
        "rescan": ("items_rescan", {"batch_id": BATCH, "seq": "$response.body#/items/0/seq"}),
    },
    ("items_rescan", "201"): {
        "send": ("items_send", {"batch_id": BATCH, "seq": "$response.body#/items/0/seq"}),
    },
    ("events_retrieve", "200"): {"next": ("events_retrieve", {"cursor": "$response.body#/next"})},
}


def add_links(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the links to the document as it is generated."""
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, response in operation.get("responses", {}).items():
                if links := LINKS.get((operation.get("operationId"), status)):
                    response["links"] = {
                        name: {"operationId": target, "parameters": dict(parameters)}
                        for name, (target, parameters) in links.items()
                    }
    return result
