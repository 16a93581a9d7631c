"""The agent on a scanning PC: it sends what a scanner leaves in a folder, and moves a file away only on a signed receipt.

Knows the server by its JSON alone (docs/how-to/station.md) and imports nothing of it.
"""
