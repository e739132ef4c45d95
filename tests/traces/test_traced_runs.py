"""What trace units record of a run, on both back ends, and where the packets end up."""

import numpy as np
import pytest
from traces.traced_programs import (
    MARKED_KERNEL,
    OBJECT,
    OBJECTS,
    SCALAR_KERNEL,
    built,
    program,
    ran,
    tensors,
    times,
    with_kernel,
)

from ironbird.base.trace_stream import PACKET_WORDS, header_of
from ironbird.iron.dialect_words import WireBundle
from ironbird.iron.trace_events import (
    CoreEvent,
    MemEvent,
    PortEvent,
    ShimTileEvent,
    ShimTilePortEvent,
)
from ironbird.session.run import run

EVERYTHING = {
    "trace_size": 4096,
    "coretile_events": [
        CoreEvent.INSTR_EVENT_0,
        CoreEvent.INSTR_EVENT_1,
        CoreEvent.LOCK_STALL,
        CoreEvent.INSTR_LOCK_ACQUIRE_REQ,
        CoreEvent.INSTR_LOCK_RELEASE_REQ,
        CoreEvent.INSTR_VECTOR,
        PortEvent(CoreEvent.PORT_RUNNING_0, WireBundle.DMA, 0, master=True),
        PortEvent(CoreEvent.PORT_RUNNING_4, WireBundle.DMA, 0, master=False),
    ],
    "coremem_events": [
        MemEvent.DMA_S2MM_0_START_TASK,
        MemEvent.DMA_S2MM_0_FINISHED_BD,
        MemEvent.DMA_MM2S_0_FINISHED_BD,
        MemEvent.DMA_S2MM_0_STREAM_STARVATION,
        MemEvent.DMA_MM2S_0_STALLED_LOCK,
    ],
    "shimtile_events": [
        ShimTileEvent.DMA_MM2S_0_START_TASK,
        ShimTileEvent.DMA_S2MM_0_FINISHED_TASK,
        ShimTilePortEvent(ShimTileEvent.PORT_RUNNING_1, WireBundle.DMA, 0, master=False),
    ],
}


@pytest.fixture(scope="module")
def backends(shared_cache):
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("IRONBIRD_CACHE_HOME", str(shared_cache))
        yield {name: ran(with_kernel(MARKED_KERNEL, **EVERYTHING), name) for name in BACKENDS}


BACKENDS = ("native", "interpreter")


def test_both_back_ends_send_the_same_packets(backends) -> None:
    native, slow = (backends[name][0] for name in BACKENDS)
    assert native.cycles == slow.cycles
    assert native.trace_buffer is not None
    assert native.trace_buffer.any()
    np.testing.assert_array_equal(native.trace_buffer, slow.trace_buffer)
    assert native.notes == slow.notes == ()


def test_every_event_is_recorded_as_often_as_it_happens(backends) -> None:
    _, events = backends["native"]
    counts = {
        "INSTR_EVENT_0": OBJECTS,
        "INSTR_EVENT_1": OBJECTS,
        "INSTR_VECTOR": OBJECTS,
        "INSTR_LOCK_RELEASE_REQ": 2 * OBJECTS,
        "PORT_RUNNING_4": OBJECTS,
        "DMA_S2MM_0_FINISHED_BD": OBJECTS,
        "DMA_MM2S_0_FINISHED_BD": OBJECTS,
        "DMA_S2MM_0_START_TASK": 1,
        "DMA_MM2S_0_START_TASK": 1,
        "DMA_S2MM_0_FINISHED_TASK": 1,
    }
    assert {name: len(times(events, name)) for name in counts} == counts


def test_durations_are_those_of_the_model(backends) -> None:
    result, events = backends["native"]
    [kernel] = result.kernels
    per_call = kernel.cycles // kernel.calls
    begins, ends = times(events, "INSTR_EVENT_0"), times(events, "INSTR_EVENT_1")
    for (began, _), (ended, _) in zip(begins, ends, strict=True):
        assert 0 < ended - began <= per_call
    # Two adds of 16 lanes a call.
    assert {stop - start for start, stop in times(events, "INSTR_VECTOR")} == {2}
    # A cycle for each word of an object.
    assert min(stop - start for start, stop in times(events, "PORT_RUNNING_4")) == OBJECT
    first_stall = times(events, "LOCK_STALL")[0]
    assert first_stall[1] > times(events, "PORT_RUNNING_0")[0][0]


def test_a_kernel_without_vector_code_has_its_marks_spread_over_the_call() -> None:
    result, events = ran(with_kernel(SCALAR_KERNEL, trace_size=4096))
    [kernel] = result.kernels
    for (began, _), (ended, _) in zip(
        times(events, "INSTR_EVENT_0"), times(events, "INSTR_EVENT_1"), strict=True
    ):
        assert ended - began == kernel.cycles // kernel.calls


def test_packets_of_several_units_are_interleaved_by_time(backends) -> None:
    result, _ = backends["native"]
    headers = [header_of(int(word)) for word in result.trace_buffer[::PACKET_WORDS] if word]
    assert all(header.is_valid for header in headers)
    places = {(each.packet_type, each.column, each.row, each.packet_id) for each in headers}
    # The die's columns begin one before npu1's.
    assert places == {(0, 1, 2, 1), (1, 1, 2, 2), (2, 1, 0, 3)}
    order = [each.packet_type for each in headers]
    assert order != sorted(order)


def test_an_event_that_is_not_observed_is_a_note() -> None:
    result, events = ran(program(trace_size=4096, coretile_events=["MEMORY_STALL", "LOCK_STALL"]))
    assert result.notes == (
        "trace of the core of tile (0, 2): the simulator does not observe MEMORY_STALL, so none "
        "is recorded",
    )
    assert times(events, "MEMORY_STALL") == []
    assert times(events, "LOCK_STALL") != []


def test_a_full_buffer_takes_no_more_and_says_so() -> None:
    whole, _ = ran(program(trace_size=4096))
    small, _ = ran(program(trace_size=64))
    np.testing.assert_array_equal(small.trace_buffer, whole.trace_buffer[:16])
    packets = int(np.count_nonzero(whole.trace_buffer[::PACKET_WORDS]))
    [note] = small.notes
    start, _, rest = note.partition(" from cycle ")
    assert start == "the trace buffer of 64 bytes is full"
    assert rest.endswith(f" on; {packets} packets of 32 bytes were sent")


def test_the_callers_tensor_takes_the_trace() -> None:
    executable, _ = built(program(trace_size=4096))
    x, y = tensors()
    trace = np.full(4096, 7, np.int8)
    result = run(executable, x, y, trace)
    np.testing.assert_array_equal(trace.view(np.uint32), result.trace_buffer)
    assert [array is y for array in result.outputs] == [True]


def test_the_trace_goes_behind_the_last_tensors_bytes() -> None:
    executable, _ = built(program(trace_size=4096, reuse_output_buffer=True))
    x, y = tensors()
    longer = np.zeros(y.size + 1024, np.int32)
    result = run(executable, x, longer)
    np.testing.assert_array_equal(longer[: y.size], x + 1)
    np.testing.assert_array_equal(longer[y.size :].view(np.uint32), result.trace_buffer)
    shorter = run(executable, x, y)
    np.testing.assert_array_equal(shorter.trace_buffer, result.trace_buffer)


def test_a_design_without_traces_has_none() -> None:
    made = program(trace_size=4096)
    made.trace_request = None
    executable, _ = built(made)
    assert run(executable, *tensors()).trace_buffer is None
