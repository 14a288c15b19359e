"""Command line: words on it become one call each, and errors become a message and an exit code.

Belongs here: options, progress as text, exit codes. Does not: any work.
"""

from synthese.cli.commands import main

__all__ = ["main"]
