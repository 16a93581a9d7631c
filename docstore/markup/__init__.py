"""Notes and redactions over pages. Empty until its own issue."""
