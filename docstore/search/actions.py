"""The acts of this room: keeping the index a true shadow of the database, and what people keep of their searches."""

from docstore.search.drift import look_for_drift
from docstore.search.entries import should_be_indexed
from docstore.search.erasing import expunge, proof_of_removal, remove_all_for_good, remove_for_good
from docstore.search.indexing import index, index_case
from docstore.search.rankings import forget_rankings
from docstore.search.rebuild import rebuild, rebuild_if_needed
from docstore.search.saved import (
    delete_search,
    look_for_news,
    look_through_all,
    mark_alerts_seen,
    save_search,
    watch_search,
)

__all__ = [
    "delete_search",
    "expunge",
    "forget_rankings",
    "index",
    "index_case",
    "look_for_drift",
    "look_for_news",
    "look_through_all",
    "mark_alerts_seen",
    "proof_of_removal",
    "rebuild",
    "rebuild_if_needed",
    "remove_all_for_good",
    "remove_for_good",
    "save_search",
    "should_be_indexed",
    "watch_search",
]
