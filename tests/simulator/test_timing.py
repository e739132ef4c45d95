"""The timing model gives what its sources measured."""

from dataclasses import replace

import pytest
from simulator.plan_parts import SHIM

from ironbird.base.access_pattern import AccessPattern
from ironbird.plan import Descriptor, HostBuffer
from ironbird.simulator import timing
from ironbird.simulator.interpreter.core_state import CoreState, SlotCounts
from ironbird.simulator.interpreter.kernel_cost import kernel_cycles


def shim_descriptor(pattern, element_bytes=4):
    return Descriptor(
        id=0,
        tile=SHIM,
        memory=HostBuffer(0),
        element_bytes=element_bytes,
        pattern=pattern,
        length=pattern.element_count,
    )


def bytes_per_cycle(descriptor):
    return timing.DDR_COST_UNIT / timing.memory_cost(descriptor)


def test_memory_is_free_on_the_array():
    on_chip = replace(shim_descriptor(AccessPattern.linear(64)), memory=0)
    assert timing.memory_cost(on_chip) == 0


def test_whole_pages_reach_the_measured_bandwidth():
    """56.2 GB/s both ways at 1.8 GHz, measured with a copy of 64 MiB (ignite-xdna); within 10 %."""
    assert bytes_per_cycle(shim_descriptor(AccessPattern.linear(2**24))) * 1.8 == pytest.approx(
        56.2, rel=0.1
    )


def test_short_runs_are_slower():
    """64-byte runs, each on a page of its own: about 16 GB/s, not 56."""
    strided = shim_descriptor(AccessPattern(0, (64, 16), (4096, 1)))
    assert bytes_per_cycle(strided) * 1.8 == pytest.approx(15.9, rel=0.02)


def counted(**slots):
    state = CoreState(loop_count=1)
    state.slots = SlotCounts(**slots)
    state.loops[0].slots = SlotCounts(**slots)
    state.loops[0].entries = 1
    return state


def test_a_store_bound_loop_takes_a_cycle_for_each_store():
    """i16, 1,024 elements: 64 stores of 256 bits and about 22 (mlir-aie TOSA tests: 86 cycles)."""
    loop = counted(load=128, store=64, vector=32)
    assert kernel_cycles(loop, 4096, "ideal") == pytest.approx(86, rel=0.2)


def test_the_compiler_class_scales_a_loop():
    """bf16 32x32x32: 256 multiply-accumulates in 4 loops; Peano: 879 cycles (ignite-xdna)."""
    loop = counted(load=256, vector=256, mac_float=256)
    loop.loops[0].entries = 4
    assert kernel_cycles(loop, 6144, "peano") == pytest.approx(879, rel=0.02)
    assert kernel_cycles(loop, 6144, "ideal") < 350


def test_a_kernel_without_vector_code_is_scalar():
    """12 cycles an element (mlir-aie programming_guide section 4c: 12,297 for 1,024)."""
    assert kernel_cycles(CoreState(), 4096, "chess") == pytest.approx(12_297, rel=0.01)
