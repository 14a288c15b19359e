"""Kernels forked from one process that has already imported everything: a notebook starts in no time.

Belongs here: the nursery (a single-threaded process that forks kernels on request), and the kernel manager
that asks it. Does not: running notebooks. Where there is no ``fork`` (Windows), kernels start as usual.

No kernel outlives its parents: the nursery ends when its standard input closes, that is when whoever started
it ends however it ends; a kernel ends with the nursery, by the system's word (Linux) and by its own watch.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from types import TracebackType
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import CaselessStrEnum, Unicode

from synthese.errors import SyntheseError

_PRELOADED = ("ipykernel.kernelapp", "ipykernel.ipkernel", "synthese.analysis", "synthese.analysis.publication")
_PR_SET_PDEATHSIG = 1


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
        self._lock = threading.Lock()

    @property
    def works(self) -> bool:
        """Whether this system can fork."""
        return hasattr(os, "fork") and os.name == "posix"

    def __enter__(self) -> Nursery:
        return self

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from synthese.notebooks.nursery import main; main()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
                start_new_session=True,
            )
        return self._process

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is None:
            return
        with contextlib.suppress(BrokenPipeError):
            self._process.communicate()
        self._process = None

    def fork(self, connection_file: str, folder: str | None, environment: dict[str, str] | None) -> ForkedProcess:
        """Fork a kernel.

        Raises
        ------
        SyntheseError
            The nursery has ended.
        """
        request = {"file": connection_file, "folder": folder, "environment": environment or {}}
        answer = ""
        with self._lock:
            process = self._started()
            if process.stdin is not None and process.stdout is not None:
                with contextlib.suppress(BrokenPipeError):
                    process.stdin.write(json.dumps(request) + "\n")
                    process.stdin.flush()
                    answer = process.stdout.readline()
        if not answer:
            raise SyntheseError.of("kernel-lost", "the process that starts kernels has ended", fix="run it again")
        return ForkedProcess(int(answer))

    def manager(self, sockets: str) -> type[AsyncKernelManager]:
        """Make a kernel manager class whose kernels are forked here and listen in a private folder only."""
        nursery = self

        class Provisioner(LocalProvisioner):
            """Asks the nursery where `LocalProvisioner` starts a process."""

            async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
                file = cmd[cmd.index("-f") + 1]
                forked = nursery.fork(file, kwargs.get("cwd"), kwargs.get("env"))
                self.process = forked  # type: ignore[assignment]
                self.pid, self.pgid = forked.pid, None
                return self.connection_info

        class Manager(AsyncKernelManager):
            """A manager of forked kernels."""

            transport = CaselessStrEnum(["ipc"], default_value="ipc")
            ip = Unicode(f"{sockets}/k")

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
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.update(request["environment"])
    if request["folder"]:
        os.chdir(request["folder"])
    application = importlib.import_module("ipykernel.kernelapp").IPKernelApp
    arguments = ["-f", request["file"], f"--IPKernelApp.parent_handle={nursery}", "--IPKernelApp.log_level=50"]
    application.launch_instance(argv=arguments)


def main() -> None:
    """Run the nursery: one request a line on standard input, one process id a line on standard output."""
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Children are reaped by the system, so that a dead kernel's id is gone at once.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for name in _PRELOADED:
        importlib.import_module(name)
    brand = importlib.import_module("synthese.editorial.brand")
    for family in brand.FAMILIES:
        brand.font(family)  # static instances take seconds to cut; every kernel inherits them
    alive: list[int] = []
    me = os.getpid()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                _kernel(json.loads(line), me)
            finally:
                os._exit(0)
        alive.append(pid)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    for pid in alive:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
