"""Command line: words on it become one call each, and errors become a message and an exit code.

Belongs here: options, progress as text, exit codes. Does not: any work.
"""

from __future__ import annotations

import signal
import sys

__all__ = ["main"]

_ENDS = ("SIGTERM", "SIGHUP")


def main() -> None:
    """Run the command line; whoever ends it, ends it as by Ctrl-C."""
    try:
        for name in _ENDS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, signal.default_int_handler)
        from synthese.cli.commands import cli  # takes a moment, in which Ctrl-C may come

        cli()
    except KeyboardInterrupt:
        sys.stderr.write("synthese: interrupted before anything was done\n")
        sys.exit(1)
