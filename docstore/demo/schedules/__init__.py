"""Starter schedules of the demo court, as data."""
