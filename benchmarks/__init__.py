"""The promises of Docstore, measured: one module per promise, each against a bare limit in the same run.

A module here that has a `measure()` is run by `python -m benchmarks` (`make bench`) and gives rows for the table.
"""
