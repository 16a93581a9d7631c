"""What runs inside the sandbox.

Parsers of hostile files. Imports the standard library, the parsers and reading's own shapes only.
"""
