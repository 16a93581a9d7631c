"""What runs inside the sandbox: parsers of hostile files. Imports the standard library, the parsers and reading's own shapes only."""
