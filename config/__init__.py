"""The composition root: chooses, never decides."""

# Every process that enqueues work has to know the broker, not only the workers.
from workers.app import app as celery_app

__all__ = ["celery_app"]
