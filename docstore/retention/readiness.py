"""Whether everything that destruction stands on is as it should be: the switch, the clock, the ledger, the vault.

Asks locked storage and the vault, so never inside a transaction; `switch.why_not_now` alone is asked again there.
"""

from docstore.core.errors import Unavailable
from docstore.documents import conformance
from docstore.retention import restored, switch


def why_not_now() -> str:
    """Return why nothing may be destroyed at this moment, in a sentence; empty where nothing stands in the way."""
    return switch.why_not_now() or why_not_ready()


def why_not_ready() -> str:
    """The same of the storage alone. Destruction waits for it, where reading does not: what cannot be proved is not done."""
    try:
        return restored.why_not_now() or _vault_astray()
    except Unavailable as away:
        return away.sentence


def _vault_astray() -> str:
    """A vault without the protection that it should have is no place to prove a destruction in (RET-J1)."""
    wrong = conformance.astray()
    if not wrong:
        return ""
    told = " ".join(f"It does not hold that {one.name}. {one.advice}" for one in wrong)
    return f"The vault is not as configured. {told}"
