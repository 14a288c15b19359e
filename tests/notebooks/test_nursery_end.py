"""The nursery of kernels ends when asked, wherever the signal falls."""

from __future__ import annotations

import subprocess
import sys

IN_A_FINALIZER = """
import os, signal, sys, time
from synthese.notebooks import nursery

class Closing:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0)  # where the handler runs

def serve(sockets, warm):
    sockets.append(sys.argv[1])
    Closing()
    time.sleep(60)

nursery._PRELOADED = ()
nursery._serve = serve
nursery.main()
"""


def test_a_signal_that_falls_into_a_finalizer_ends_it_all_the_same(tmp_path):
    sockets = tmp_path / "sockets"
    sockets.mkdir()
    ended = subprocess.run(
        [sys.executable, "-c", IN_A_FINALIZER, str(sockets)], capture_output=True, text=True, timeout=30, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not sockets.exists()
