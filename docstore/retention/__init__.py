"""Schedules, holds, disposal and certificates. Empty until its own issue."""
