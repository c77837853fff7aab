"""The command line: read options, one call on the Python API, print."""

from reviewlens.cli.main import cli, main

__all__ = ["cli", "main"]
