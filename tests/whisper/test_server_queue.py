"""One thread serves the device; nothing that a request does to it harms the next one."""

from collections.abc import Callable, Iterator
from threading import Event

import pytest

from whisper_pipeline.server.api_error import ApiError
from whisper_pipeline.server.device_queue import DeviceQueue, Job
from whisper_pipeline.transcription import Listener

PATIENCE_SECONDS = 20.0


@pytest.fixture
def queue() -> Iterator[DeviceQueue[str]]:
    made = DeviceQueue[str](2)
    yield made
    made.stop()
    assert made.join(PATIENCE_SECONDS)


def says(text: str) -> Callable[[Listener], str]:
    return lambda listener: text


def outcome(job: Job[str]) -> str | ApiError:
    return job.outcome.result(PATIENCE_SECONDS)


class Windows:
    """Work of as many windows as the test lets pass."""

    def __init__(self) -> None:
        self.has_begun = Event()
        self.may_end = Event()

    def __call__(self, listener: Listener) -> str:
        self.has_begun.set()
        while not self.may_end.wait(0.002):
            listener.progress(1, 2)
        return "long"


def test_in_order(queue: DeviceQueue[str]) -> None:
    order: list[int] = []

    def work(number: int) -> Callable[[Listener], str]:
        return lambda listener: order.append(number) or str(number)

    jobs = [queue.submit(work(number)) for number in range(20)]
    assert [outcome(job) for job in jobs] == [str(number) for number in range(20)]
    assert order == list(range(20))


@pytest.mark.parametrize("crash", [ValueError("a defect"), SystemExit(3), KeyboardInterrupt()])
def test_a_crash_is_an_answer(
    queue: DeviceQueue[str], crash: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    def work(listener: Listener) -> str:
        raise crash

    failed = outcome(queue.submit(work))
    assert isinstance(failed, ApiError)
    assert failed.body["error"] == {
        "message": "The server had an error while processing your request.",
        "type": "server_error",
        "param": None,
        "code": None,
    }
    assert outcome(queue.submit(says("next"))) == "next"
    assert capsys.readouterr().err.splitlines()[-1].startswith(type(crash).__name__)


def test_an_abandoned_job_that_waits_is_dropped(queue: DeviceQueue[str]) -> None:
    running, was_called = Windows(), Event()
    first = queue.submit(running)
    dropped = queue.submit(lambda listener: was_called.set() or "")
    last = queue.submit(says("last"))
    assert running.has_begun.wait(PATIENCE_SECONDS)
    queue.abandon(dropped)
    assert dropped.outcome.done()
    assert queue.waiting_count == 1
    running.may_end.set()
    assert (outcome(first), outcome(last)) == ("long", "last")
    assert not was_called.is_set()


def test_an_abandoned_job_that_runs_ends_after_its_window(queue: DeviceQueue[str]) -> None:
    running = Windows()
    first, second = queue.submit(running), queue.submit(says("second"))
    assert running.has_begun.wait(PATIENCE_SECONDS)
    queue.abandon(first)
    assert outcome(second) == "second"
    left = outcome(first)
    assert isinstance(left, ApiError)
    assert left.status == 499
    queue.abandon(second)  # Too late to matter.
    assert outcome(second) == "second"


def test_places(queue: DeviceQueue[str]) -> None:
    with queue.place():
        with queue.place(), pytest.raises(ApiError) as found, queue.place():
            pass
        with queue.place():
            pass
    assert (found.value.status, found.value.headers) == (503, {"Retry-After": "5"})
    assert found.value.message == "The queue is full: it holds 2 requests."


def test_the_end(queue: DeviceQueue[str]) -> None:
    """What waits is told; what runs goes on."""
    running = Windows()
    first, waiting = queue.submit(running), queue.submit(says("too late"))
    assert running.has_begun.wait(PATIENCE_SECONDS)
    queue.stop()
    for refused in (lambda: queue.submit(says("no")), lambda: queue.place().__enter__()):
        with pytest.raises(ApiError) as found:
            refused()
        assert found.value.message == "The server is shutting down."
    dropped = outcome(waiting)
    assert isinstance(dropped, ApiError)
    assert dropped.status == 503
    assert not first.outcome.done()
    running.may_end.set()
    assert outcome(first) == "long"
    assert queue.join(PATIENCE_SECONDS)
