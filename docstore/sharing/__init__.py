"""Passes for outside parties. Empty until its own issue."""
