"""Nightly and hourly tidying: each task is one call."""

from celery import shared_task

from docstore.audit import sealing, timekeeping
from docstore.core import clock, jobs
from docstore.documents import fixity
from docstore.intake import actions as intake
from docstore.intake import chasing, statements, upkeep, watching, webhooks
from docstore.reading import actions as reading
from docstore.reading import resuming
from docstore.retention import orphans
from docstore.search import actions as search


@shared_task(name="workers.upkeep.forget_requests")
def forget_requests() -> int:
    return intake.forget_old_requests()


@shared_task(name="workers.upkeep.sweep")
def sweep() -> int:
    return upkeep.sweep() + jobs.forget_done()


@shared_task(name="workers.upkeep.sweep_vault")
def sweep_vault() -> int:
    return orphans.sweep_vault()


@shared_task(name="workers.upkeep.check_fixity")
def check_fixity() -> int:
    """Hash a part of the vault again."""
    return fixity.check_due()


@shared_task(name="workers.upkeep.watch_intake")
def watch_intake() -> int:
    return watching.watch()


@shared_task(name="workers.upkeep.send_webhooks")
def send_webhooks() -> int:
    return webhooks.send_due()


@shared_task(name="workers.upkeep.report_silence")
def report_silence() -> int:
    return chasing.report_silence()


@shared_task(name="workers.upkeep.reconcile")
def reconcile() -> int:
    return statements.reconcile_due()


@shared_task(name="workers.upkeep.seal")
def seal() -> None:
    sealing.seal()


@shared_task(name="workers.upkeep.seal_if_many")
def seal_if_many() -> bool:
    return sealing.seal_if_many()


@shared_task(name="workers.upkeep.compare_clocks")
def compare_clocks() -> None:
    """Hold this machine's clock against the time server."""
    timekeeping.compare()


@shared_task(name="workers.upkeep.look_for_news")
def look_for_news() -> int:
    """Tell the owners of watched searches what has come in."""
    return search.look_for_news()


@shared_task(name="workers.upkeep.look_through_all")
def look_through_all() -> int:
    """The same over everything: for what came into somebody's reach without being indexed anew."""
    return search.look_through_all()


@shared_task(name="workers.upkeep.open_what_waited")
def open_what_waited() -> int:
    return reading.open_what_waited()


@shared_task(name="workers.upkeep.take_up_what_stands_still")
def take_up_what_stands_still() -> int:
    return resuming.take_up_what_stands_still(now=clock.now())


@shared_task(name="workers.upkeep.look_for_drift")
def look_for_drift() -> int:
    """Hold a part of the index against the database, and have repaired what differs."""
    return search.look_for_drift()


@shared_task(name="workers.upkeep.rebuild_if_needed")
def rebuild_if_needed() -> bool:
    """Build the index anew where it was built by other rules, or where that was interrupted."""
    return search.rebuild_if_needed()


@shared_task(name="workers.upkeep.forget_rankings")
def forget_rankings() -> int:
    """Forget the orders of results that nobody goes on with any more."""
    return search.forget_rankings()
