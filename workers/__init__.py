"""Celery tasks: each wakes up, makes one call into a room, and is done."""
