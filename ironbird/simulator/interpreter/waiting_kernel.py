"""A kernel that waits inside C++: it runs on a thread that goes on only while its core does.

Control is handed over strictly: either the simulation runs or the kernel, never both.
"""

import threading
from collections.abc import Callable, Iterator
from typing import NoReturn


class WaitingKernel:
    """One call. The simulation iterates over its pauses; the kernel's callbacks call `pause`."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.result: object = None
        self._call = call
        self._failure: BaseException | None = None
        self._to_kernel = threading.Semaphore(0)
        self._to_simulation = threading.Semaphore(0)
        self._ended = False
        self._abandoned = False

    def run(self) -> Iterator[None]:
        """Each item is a pause; the kernel goes on when the next one is asked for."""
        thread = threading.Thread(target=self._body, daemon=True)
        thread.start()
        while True:
            self._to_simulation.acquire()
            if self._ended or self._abandoned:
                break
            yield
            self._to_kernel.release()
        if not self._abandoned:
            thread.join()
        if self._failure is not None:
            raise self._failure

    def pause(self) -> None:
        """Called on the kernel's thread: let the simulation run until it comes back."""
        self._to_simulation.release()
        self._to_kernel.acquire()

    def abandon(self, failure: Exception) -> NoReturn:
        """Called on the kernel's thread: `run` raises `failure`, and the kernel never goes on.

        Nothing can unwind a kernel's own frames, so its thread stays asleep until the process ends.
        """
        self._failure = failure
        self._abandoned = True
        self._to_simulation.release()
        while True:
            self._to_kernel.acquire()

    def _body(self) -> None:
        try:
            self.result = self._call()
        except BaseException as failure:
            self._failure = failure
        self._ended = True
        self._to_simulation.release()
