"""First lines of the child: lower the limits for good, find the parsers, keep the wire clear of what libraries print.

Run by path in an isolated interpreter without site, so nothing of the environment or of .pth files takes part.
"""

import gc
import json
import os
import resource
import sys
from importlib import import_module


def main() -> None:
    """Prepare the process and hand over to the server; does not return before the wire is closed."""
    told = json.loads(sys.argv[1])
    sys.path[:0] = told["paths"]
    for name, value in told["limits"].items():
        resource.setrlimit(getattr(resource, name), (value, value))
    os.nice(told["nice"])
    # libraries print to descriptor 1 as they please; the wire gets a descriptor of its own
    wire = os.dup(1)
    os.dup2(2, 1)
    os.environ["OMP_THREAD_LIMIT"] = "1"
    os.environ["TESSDATA_PREFIX"] = told["language_data"]
    serve = import_module("docstore.reading.child.serve")
    gc.freeze()
    serve.serve(sys.stdin.buffer, os.fdopen(wire, "wb"), told)


if __name__ == "__main__":
    main()
