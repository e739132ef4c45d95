"""One small program for each class of mistake: the run ends at the program's own line.

The line is the one marked `BUG` in the program; the message's first line is told here, the numbers
found and what to try follow it and are tested where they are made.
"""

from pathlib import Path

import pytest

from ironbird.__main__ import main
from tests.compat.corpus import PROGRAMS

BUGS = PROGRAMS / "bugs"

FIRST_LINES = {
    "absent_name.py": (
        "aie.dialects.aie.get_target_model exists upstream, but not in the embedded IRON of "
        "ironbird: ironbird.base.device"
    ),
    "acquire_beyond_depth.py": "Number of elements to acquire 3 must not exceed depth 2",
    "acquire_outside_a_worker.py": (
        "acquire() of ObjectFifo 'source' outside of a core function or a sequence"
    ),
    "barrier_never_set.py": (
        "deadlock: worker 'core' waits for ever for 1 of lock 'lock_0_2_4' made at "
        "barrier_never_set.py:16"
    ),
    "channel_taken_twice.mlir": (
        "the flow from DMA 0 of tile (0, 3) and the flow from DMA 0 of tile (0, 2) both end "
        "in DMA 0 of tile (0, 0)"
    ),
    "channel_that_is_not_there.mlir": "tile (0, 1) has no DMA channel 6",
    "core_without_a_program.mlir": "the core on tile (0, 2) runs 'core_0_2.elf'",
    "forgotten_drain.py": "nobody consumes ObjectFifo 'result'",
    "forgotten_fill.py": "nobody fills ObjectFifo 'source'",
    "forgotten_release.py": (
        "undrained-fifo: ObjectFifo 'source' is not drained: S2MM 0 of tile (0, 2) waits for ever"
    ),
    "group_finished_twice.py": "TaskGroup(0) is finished twice",
    "group_not_finished.py": "Failed to close task groups: TaskGroup(0)",
    "group_of_another_kind.py": (
        "Mixing explicit task groups and the default task group is prohibited. Please "
        "assign all default tasks (result) to a task group."
    ),
    "handle_of_the_wrong_end.py": (
        "ObjectFifo.fill() of ObjectFifo 'source' at an end of the Worker of 'core'"
    ),
    "index_out_of_range.py": "index 16 into axis 0 of a buffer of 16xi32",
    "kernel_argument_count.py": "Kernel 'work' expects 3 argument(s), but 2 were provided.",
    "kernel_argument_shape.py": "argument 0 of kernel 'work' is 16xi32",
    "kernel_argument_type.py": "argument 0 of kernel 'work' is 16xi32",
    "kernel_crashes.py": (
        "crashed-kernel: kernel 'work', called by worker 'core', crashed with SIGSEGV"
    ),
    "kernel_does_not_compile.py": (
        "the source_string at kernel_does_not_compile.py:15 does not compile"
    ),
    "kernel_source_missing.py": (
        "kernel 'work' is linked with 'nowhere.o', and there is no source for it"
    ),
    "kernel_stack_too_large.py": (
        "stack-overflow: kernel 'work' needs more stack than worker 'core' has"
    ),
    "kernel_without_extern_c.py": "no kernel source defines 'work'",
    "kernel_writes_past.py": (
        "write-past-buffer: kernel 'work', called by worker 'core', writes outside buffer "
        "'result_buff_0' of ObjectFifo 'result'"
    ),
    "layout_of_narrow_elements.py": "to_stream of ObjectFifo 'result' is not one buffer descriptor",
    "lock_of_another_tile.mlir": (
        "a descriptor (S2MM 0 of tile (0, 2)) uses lock 'free' of tile (0, 4)"
    ),
    "loop_past_the_end.py": (
        "out-of-bounds: worker 'core' reads outside buffer 'source_cons_buff_0' of "
        "ObjectFifo 'source'"
    ),
    "memory_tile_full.py": "ObjectFifo 'source' does not fit the memory of tile (0, 1)",
    "more_drained_than_filled.py": (
        "unfilled-fifo: ObjectFifo 'source' is not filled: worker 'core' waits for ever"
    ),
    "no_consumer.py": "nobody consumes ObjectFifo 'unread'",
    "nobody_waits.py": "unawaited-output: argument 1 is still written after the sequence has ended",
    "npu2_device.py": "device 'npu2' is not modelled",
    "object_half_written.py": (
        "poison-read: MM2S 0 of tile (0, 2) sends buffer 'result_buff_0' of ObjectFifo "
        "'result' to argument 1 where nobody wrote it"
    ),
    "object_too_large.py": "ObjectFifo 'result' does not fit the memory of tile (0, 2)",
    "one_tensor_missing.py": "jit design 'design' was called with 1 tensor",
    "output_not_written.py": "unwritten-output: argument 1 is an output that is not wholly written",
    "parameter_never_written.py": (
        "poison-read: worker 'core' reads buffer 'gain' where nobody wrote it"
    ),
    "part_of_an_object.py": "the transfers on 'source' end inside an object",
    "pattern_past_the_tensor.py": "a TensorAccessPattern over (64,) reaches element 79",
    "python_if.py": (
        "a Python `if`, `while`, `and`, `or`, `not`, `in`, `min` or `max` on a core value"
    ),
    "python_min.py": (
        "a Python `if`, `while`, `and`, `or`, `not`, `in`, `min` or `max` on a core value"
    ),
    "python_range.py": "range() or an index into a Python list of a core value",
    "python_while.py": (
        "a Python `if`, `while`, `and`, `or`, `not`, `in`, `min` or `max` on a core value"
    ),
    "release_beyond_acquire.py": "This core releases 2 objects of ObjectFifo 'source'",
    "split_sizes.py": "part 0 of the split of ObjectFifo 'source' has 16 elements",
    "symbol_twice.mlir": "the name 'work' is given twice",
    "three_inputs.py": "Too many fifos arrive at one worker",
    "tile_outside.py": "tile(1, 2) is outside npu1_1col",
    "too_many_descriptors.py": "Tile (0, 1) has too few buffer descriptors",
    "too_many_locks.py": "Tile (0, 2) has too few locks",
    "too_many_shim_channels.py": "No shim tile has enough DMA channels for ObjectFifo 'input2'",
    "too_many_streams.mlir": "too many streams leave tile (0, 1) to the north",
    "too_many_transfers.py": (
        "no descriptor is left on tile (0, 0) for the transfer on 'source' "
        "(too_many_transfers.py:26)"
    ),
    "two_in_a_circle.py": "deadlock: nothing moves after cycle 1898: a circle of waits",
    "two_producers.py": "the prod handle of ObjectFifo 'result' is given away twice",
    "two_workers_on_one_tile.py": (
        "Multiple workers cannot share the same tile: Tile<CoreTile>(0, 2)"
    ),
    "unknown_element_type.py": "ObjectFifo 'source' has no element type for longdouble",
    "unknown_keyword.py": "jit design 'design' has no keyword 'gain'",
    "unknown_operation.mlir": "operation 'aie.tyle' is not known",
    "unknown_register.mlir": (
        "the sequence writes Stream_Switch_Master_Config0 of tile (0, 2), at 0x23f000"
    ),
    "unsigned_arithmetic.py": "`+` on the unsigned type ui32",
    "unsynchronised.py": (
        "poison-read: worker 'core' reads buffer 'source_cons_buff_0' of ObjectFifo "
        "'source' where nobody wrote it"
    ),
    "worker_not_started.py": "nobody fills ObjectFifo 'result'",
    "wrong_argument_count.py": "the Worker of 'core' has 2 fn_args",
    "wrong_dtype.py": "tensor 0 holds int16",
    "wrong_shape.py": "tensor 0 has the shape [4, 16], 64 elements",
    "wrong_size.py": "tensor 0 has the shape [60], 60 elements",
}


def marked_line(program: Path) -> int:
    """The line that carries the mark."""
    lines = program.read_text().splitlines()
    marked = [number for number, line in enumerate(lines, 1) if line.endswith(" BUG")]
    assert len(marked) == 1, f"{program} has {len(marked)} marks"
    return marked[0]


def test_every_program_is_listed() -> None:
    programs = {path.name for path in BUGS.iterdir() if path.suffix in (".py", ".mlir")}
    assert programs == set(FIRST_LINES)


@pytest.mark.parametrize("name", FIRST_LINES)
def test_the_message_names_the_line_of_the_bug(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(BUGS)
    assert main(["run", name]) == 1
    told = capsys.readouterr().err.splitlines()
    place = f"{name}:{marked_line(BUGS / name)}:"
    found = [line.removeprefix(place) for line in told if line.startswith(place)]
    assert found, f"no line of {told} starts with {place}"
    # Modules say the column as well.
    column, _, message = found[0].lstrip().partition(": ")
    assert (message if column.isdecimal() else found[0].strip()) == FIRST_LINES[name]
