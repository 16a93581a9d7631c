"""When upkeep happens. Times are those of the real clock, in UTC."""

from datetime import timedelta

from celery.schedules import crontab

SCHEDULE = {
    "wake workers for what waits": {"task": "workers.pipeline.dispatch", "schedule": timedelta(seconds=10)},
    "forget old idempotency keys": {"task": "workers.upkeep.forget_requests", "schedule": timedelta(hours=6)},
    "seal the log of all events": {"task": "workers.upkeep.seal", "schedule": timedelta(minutes=5)},
    "seal it sooner where much happens": {"task": "workers.upkeep.seal_if_many", "schedule": timedelta(seconds=30)},
    "hold the clock against the time server": {
        "task": "workers.upkeep.compare_clocks",
        "schedule": timedelta(hours=1),
    },
    "hold the index against the database": {
        "task": "workers.upkeep.look_for_drift",
        "schedule": timedelta(minutes=1),
    },
    "build the index anew where needed": {
        "task": "workers.upkeep.rebuild_if_needed",
        "schedule": timedelta(minutes=5),
    },
    "tell what is new in watched searches": {
        "task": "workers.upkeep.look_for_news",
        "schedule": timedelta(minutes=1),
    },
    "look through watched searches": {"task": "workers.upkeep.look_through_all", "schedule": timedelta(hours=12)},
    "forget old orders of results": {"task": "workers.upkeep.forget_rankings", "schedule": timedelta(hours=1)},
    "go on with disposal lists": {"task": "workers.lifecycle.tend_lists", "schedule": timedelta(minutes=1)},
    "work out what falls due": {"task": "workers.lifecycle.pass_night", "schedule": crontab(hour=1, minute=15)},
    "compare stored dates with fresh ones": {
        "task": "workers.lifecycle.reconcile",
        "schedule": crontab(hour=2, minute=30),
    },
    "keep the locks of stored papers": {"task": "workers.lifecycle.keep_locks", "schedule": timedelta(minutes=10)},
    "watch what stations have sent": {"task": "workers.upkeep.watch_intake", "schedule": timedelta(seconds=10)},
    "send what webhooks wait for": {"task": "workers.upkeep.send_webhooks", "schedule": timedelta(seconds=10)},
    "say which stations fell silent": {"task": "workers.upkeep.report_silence", "schedule": timedelta(minutes=5)},
    "reconcile statements with what came": {"task": "workers.upkeep.reconcile", "schedule": timedelta(hours=1)},
    "set aside what belongs to nothing": {"task": "workers.upkeep.sweep_vault", "schedule": timedelta(hours=24)},
    "hash stored bytes again": {"task": "workers.upkeep.check_fixity", "schedule": timedelta(hours=1)},
    "open what waited for a converter": {
        "task": "workers.upkeep.open_what_waited",
        "schedule": timedelta(minutes=10),
    },
    "take up reading that stands still": {
        "task": "workers.upkeep.take_up_what_stands_still",
        "schedule": timedelta(minutes=5),
    },
    "sweep what was left behind": {"task": "workers.upkeep.sweep", "schedule": timedelta(hours=1)},
}
