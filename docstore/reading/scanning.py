"""The virus scanner that settings name, made once per process."""

from functools import lru_cache

from django.utils.module_loading import import_string

from docstore.core import conf
from docstore.reading.scanner import Scanner


@lru_cache(maxsize=1)
def configured() -> Scanner:
    """Return the scanner."""
    port = conf.get().scanner
    scanner: Scanner = import_string(port.backend)(**port.options)
    return scanner
