"""Requests wait here for the device, which one thread serves, one request after the other.

A failing request does not end the thread. A request that nobody waits for any more is dropped, or
stopped between two windows if it already runs. Every other one has an outcome.
"""

import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, Event, Thread
from typing import Generic, TypeVar

from ironbird.base.errors import UsageError
from whisper_pipeline.server.api_error import ApiError, disconnected, failure, stopping
from whisper_pipeline.transcription import Listener

Answer = TypeVar("Answer")


class Abandoned(Exception):
    """Nobody waits for what is being computed."""


@dataclass(eq=False)
class Job(Generic[Answer]):
    """work:      computes the answer, and tells the listener how far it is.
    outcome:   the answer, or an error as a value: a raised one would keep its frames alive.
    abandoned: nobody waits for the outcome.
    """

    work: Callable[[Listener], Answer | ApiError]
    outcome: Future[Answer | ApiError] = field(default_factory=Future)
    abandoned: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        # From here on it cannot be cancelled, for which the thread would have to look out.
        self.outcome.set_running_or_notify_cancel()

    def settle(self, outcome: Answer | ApiError) -> None:
        """Called under the queue's lock, so that of two outcomes the first one stands."""
        if not self.outcome.done():
            self.outcome.set_result(outcome)


class DeviceQueue(Generic[Answer]):
    """place_count: requests that may be here at once, from before their upload to their answer."""

    def __init__(self, place_count: int) -> None:
        if place_count < 1:
            raise UsageError(f"a queue of {place_count} requests takes none")
        self.place_count = place_count
        self.taken_count = 0
        self._waiting: deque[Job[Answer]] = deque()
        self._running: Job[Answer] | None = None
        self._is_stopping = False
        self._changed = Condition()
        # A daemon, so that a window that takes longer than the grace period does not hold the
        # process.
        self._worker = Thread(target=self._serve, name="device queue", daemon=True)
        self._worker.start()

    @property
    def waiting_count(self) -> int:
        return len(self._waiting)

    @property
    def running_count(self) -> int:
        return int(self._running is not None)

    @property
    def is_stopping(self) -> bool:
        return self._is_stopping

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for one request; ApiError where there is none."""
        with self._changed:
            self._refuse_if_stopping()
            if self.taken_count >= self.place_count:
                raise ApiError(
                    503, f"The queue is full: it holds {self.place_count} requests.", code="busy"
                )
            self.taken_count += 1
        try:
            yield
        finally:
            with self._changed:
                self.taken_count -= 1

    def submit(self, work: Callable[[Listener], Answer | ApiError]) -> Job[Answer]:
        """Queue what a request asks for; its outcome is sure to come."""
        job = Job(work)
        with self._changed:
            self._refuse_if_stopping()
            self._waiting.append(job)
            self._changed.notify()
        return job

    def abandon(self, job: Job[Answer]) -> None:
        """Drop a job whose client has gone, or let it end after the window that is running."""
        with self._changed:
            job.abandoned.set()
            if job in self._waiting:
                self._waiting.remove(job)
                job.settle(disconnected())

    def stop(self) -> None:
        """Take no more jobs and answer those that wait; the running one goes on."""
        with self._changed:
            self._is_stopping = True
            for job in self._waiting:
                job.settle(stopping())
            self._waiting.clear()
            self._changed.notify()

    def join(self, timeout_seconds: float) -> bool:
        """Whether the thread ended in time, after `stop`."""
        self._worker.join(timeout_seconds)
        return not self._worker.is_alive()

    def _refuse_if_stopping(self) -> None:
        if self._is_stopping:
            raise stopping()

    def _serve(self) -> None:
        while self._take_next():
            self._run()

    def _take_next(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_stopping)
            self._running = self._waiting.popleft() if self._waiting else None
            return self._running is not None

    def _run(self) -> None:
        job = self._running
        assert job is not None
        outcome = _outcome_of(job)
        with self._changed:
            self._running = None
            job.settle(outcome)


def _outcome_of(job: Job[Answer]) -> Answer | ApiError:
    def go_on(*_: object) -> None:
        if job.abandoned.is_set():
            raise Abandoned

    try:
        return job.work(Listener(language=go_on, segments=go_on, progress=go_on))
    except Abandoned:
        return disconnected()
    except BaseException:
        # Whatever it is, it is this request's: the thread serves the others.
        traceback.print_exc(file=sys.stderr)
        return failure()
