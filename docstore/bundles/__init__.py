"""Hearing bundles, their editions and page numbers. Empty until its own issue."""
