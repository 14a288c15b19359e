"""Kernels forked from one process that has already imported everything: a notebook starts in no time.

Belongs here: the nursery (a single-threaded process that forks kernels on request), and the kernel manager
that asks it. Does not: running notebooks. Where there is no ``fork`` (Windows), kernels start as usual.

No kernel outlives its parents: the nursery ends when its standard input closes, that is when whoever started
it ends however it ends, and takes kernels and their sockets with it; a kernel ends with the nursery, by the
system's word (Linux) and by its own watch.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import CaselessStrEnum, Unicode

from synthese.errors import SyntheseError

_PRELOADED = ("ipykernel.kernelapp", "ipykernel.ipkernel", "synthese.analysis")
_PR_SET_PDEATHSIG = 1
# `-P`: a study's own statistics.py must not stand before Python's while the nursery imports.
_START = (
    "-P",
    "-c",
    "import sys; sys.path.insert(0, sys.argv[1]); from synthese.notebooks.nursery import main; main()",
    str(Path(__file__).resolve().parents[2]),
)


class ForkedProcess:
    """A kernel's process as jupyter_client wants to see it; it is the nursery's child, not ours.

    Parameters
    ----------
    pid : int
        Process id.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Tell whether it has ended: None while it runs."""
        if self.returncode is None:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                self.returncode = 0
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended."""
        end = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            time.sleep(0.01)
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """Starts kernels by forking a process that is ready to run; a context manager.

    Notes
    -----
    `manager` gives the class that nbclient starts a kernel with.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        self._lock = threading.Lock()

    @property
    def works(self) -> bool:
        """Whether this system can fork."""
        return hasattr(os, "fork") and os.name == "posix"

    def __enter__(self) -> Nursery:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the nursery and every kernel; whoever waits for one is told that it is dead."""
        self._stopped = True
        process, self._process = self._process, None
        if process is None:
            return
        # Closing its input would do, but it is not read before everything is imported.
        process.terminate()
        with contextlib.suppress(BrokenPipeError), process:
            pass

    def _begin(self) -> subprocess.Popen[str]:
        """Start the process, when the first kernel is asked for: most runs find that there is nothing to do."""
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
        return subprocess.Popen(
            [sys.executable, *_START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
        )

    def fork(self, request: dict[str, Any]) -> ForkedProcess:
        """Fork a kernel.

        Parameters
        ----------
        request : dict
            ``file``, its connection file; ``folder``, where it works; ``sockets``, a folder that is removed when
            the nursery ends; ``environment``.

        Raises
        ------
        SyntheseError
            The nursery has ended.
        """
        answer = ""
        with self._lock:
            if self._process is None and not self._stopped:
                self._process = self._begin()
            process = self._process
            if process is not None and process.stdin is not None and process.stdout is not None:
                with contextlib.suppress(BrokenPipeError, ValueError):
                    process.stdin.write(json.dumps(request) + "\n")
                    process.stdin.flush()
                    answer = process.stdout.readline()
        if not answer:
            raise SyntheseError.of("kernel-lost", "the process that starts kernels has ended", fix="run it again")
        return ForkedProcess(int(answer))

    def manager(self, sockets: str, scratch: str) -> type[AsyncKernelManager]:
        """Make a kernel manager class whose kernels are forked here and listen in a private folder only.

        Parameters
        ----------
        sockets : str
            Folder of the connection file and the sockets; a short path, as systems want it.
        scratch : str
            Folder of what cells write as temporary files.
        """
        nursery = self

        class Provisioner(LocalProvisioner):
            """Asks the nursery where `LocalProvisioner` starts a process."""

            async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
                file = cmd[cmd.index("-f") + 1]
                environment = {**(kwargs.get("env") or {}), "TMPDIR": scratch}
                forked = nursery.fork(
                    {"file": file, "folder": kwargs.get("cwd"), "sockets": sockets, "environment": environment}
                )
                self.process = forked  # type: ignore[assignment]
                self.pid, self.pgid = forked.pid, None
                return self.connection_info

        class Manager(AsyncKernelManager):
            """A manager of forked kernels."""

            transport = CaselessStrEnum(["ipc"], default_value="ipc")
            ip = Unicode(f"{sockets}/k")
            connection_file = Unicode(f"{sockets}/kernel.json")

            async def _async_pre_start_kernel(self, **kw: Any) -> tuple[list[str], dict[str, Any]]:
                if self.provisioner is None:
                    self.provisioner = Provisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
                return await super()._async_pre_start_kernel(**kw)

            pre_start_kernel = _async_pre_start_kernel

        return Manager


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _kernel(request: dict[str, Any], nursery: int) -> None:
    """Become a kernel: in the child, which never returns."""
    os.setsid()
    _die_with_parent()
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.update(request["environment"])
    tempfile.tempdir = None  # what the nursery found out may not hold here
    if request["folder"]:
        os.chdir(request["folder"])
    application = importlib.import_module("ipykernel.kernelapp").IPKernelApp
    arguments = ["-f", request["file"], f"--IPKernelApp.parent_handle={nursery}", "--IPKernelApp.log_level=50"]
    application.launch_instance(argv=arguments)


def main() -> None:
    """Run the nursery: one request a line on standard input, one process id a line on standard output."""
    sockets: list[str] = []
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: _end(sockets))
    # Children are reaped by the system, so that a dead kernel's id is gone at once.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for name in _PRELOADED:
        importlib.import_module(name)
    try:
        _serve(sockets, _warm())
    finally:
        _clear(sockets)


def _clear(sockets: list[str]) -> None:
    for folder in sockets:
        shutil.rmtree(folder, ignore_errors=True)


def _end(sockets: list[str]) -> None:
    """Leave at once: an exception raised in a signal handler is lost when it falls into a finalizer."""
    _clear(sockets)
    os._exit(0)


def _warm() -> Iterator[None]:
    """Get ready, a step at a time, for what only the last notebook needs; every later kernel inherits it."""
    importlib.import_module("synthese.analysis.publication")
    yield
    brand = importlib.import_module("synthese.editorial.brand")
    for family in brand.FAMILIES:
        brand.font(family)
        yield


def _serve(sockets: list[str], warm: Iterator[None]) -> None:
    me = os.getpid()
    idle = object()
    while True:
        # While nobody asks for a kernel, get ready for the next one.
        if not select.select([sys.stdin], [], [], 0)[0] and next(warm, idle) is not idle:
            continue
        line = sys.stdin.readline()
        if not line:
            return
        request = json.loads(line)
        sockets.append(request["sockets"])
        pid = os.fork()
        if pid == 0:
            try:
                _kernel(request, me)
            finally:
                os._exit(0)
        try:
            sys.stdout.write(f"{pid}\n")
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whoever asked is gone; nothing to say at the end
            return
