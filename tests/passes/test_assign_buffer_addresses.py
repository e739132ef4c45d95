"""Buffers get addresses; what does not fit is refused with who uses what."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module
from ironbird.ir.aie import BufferOp
from ironbird.ir.integers import number_of
from ironbird.passes.assign_buffer_addresses import AssignBufferAddresses
from ironbird.passes.lower_object_fifos import LowerObjectFifos
from tests.passes.equivalence import devices_in
from tests.passes.refusals import refusal

CASES = {
    "one fifo": (
        """\
%shim = aie.tile(0, 0)
%core = aie.tile(0, 2)
aie.objectfifo @x_in(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<12288xf32>>
aie.core(%core) {

aie.end
}""",
        """\
design.mlir:4:1: ObjectFifo 'x_in' does not fit the memory of tile (0, 2)
  because: 2 buffers x 49152 bytes = 98304; 64512 bytes are free (65536 less stack 1024)
  try: buffers of at most 32256 bytes""",
    ),
    "with others": (
        """\
%shim = aie.tile(0, 0)
%core = aie.tile(0, 2)
aie.objectfifo @x_in(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<8192xf32>>
aie.objectfifo @y_out(%core, {%shim}, 2 : i32) : !aie.objectfifo<memref<1024xf32>>
%table = aie.buffer(%core) {sym_name = "table"} : memref<100xi32>
aie.core(%core) {

aie.end
}""",
        """\
design.mlir:4:1: ObjectFifo 'x_in' does not fit the memory of tile (0, 2)
  because: 2 buffers x 32768 bytes = 65536; 55920 bytes are free (65536 less stack 1024, ObjectFifo 'y_out' 8192, Buffer 'table' 400)
  try: buffers of at most 27936 bytes""",
    ),
    "one buffer": (
        """\
%core = aie.tile(0, 2)
%huge = aie.buffer(%core) {sym_name = "huge"} : memref<20000xi32>""",
        """\
design.mlir:3:9: Buffer 'huge' does not fit the memory of tile (0, 2)
  because: 1 buffer of 80000 bytes; 65536 bytes are free
  try: buffers of at most 65536 bytes""",
    ),
    "a gap too small": (
        """\
%core = aie.tile(0, 2)
%low = aie.buffer(%core) {sym_name = "low", address = 32768 : i32} : memref<16xi32>
%b = aie.buffer(%core) {sym_name = "wide"} : memref<10000xi32>""",
        """\
design.mlir:4:6: Buffer 'wide' does not fit the memory of tile (0, 2)
  because: 1 buffer of 40000 bytes; 65472 bytes are free (65536 less Buffer 'low' 64); no gap of 40000 bytes is left for Buffer 'wide'
  try: no fixed addresses on this tile, or smaller buffers""",
    ),
    "stack": (
        """\
%core = aie.tile(0, 2)
aie.core(%core) {
aie.end
} {stack_size = 70000 : i32}""",
        """\
design.mlir:3:1: The stack of the core of tile (0, 2) leaves no memory for its buffers
  because: stack_size is 70000 bytes; the tile has 65536
  try: a smaller stack_size""",
    ),
    "two at one address": (
        """\
%core = aie.tile(0, 2)
%a = aie.buffer(%core) {sym_name = "a", address = 4096 : i32} : memref<16xi32>
%b = aie.buffer(%core) {sym_name = "b", address = 4128 : i32} : memref<16xi32>""",
        """\
design.mlir:4:6: Buffer 'b' cannot lie at address 4128 of tile (0, 2)
  because: Buffer 'a' has bytes 4096..4159
  try: leave the address out to have it chosen""",
    ),
    "beyond the tile": (
        """\
%core = aie.tile(0, 2)
%a = aie.buffer(%core) {sym_name = "a", address = 70016 : i32} : memref<16xi32>""",
        """\
design.mlir:3:6: Buffer 'a' cannot lie at address 70016 of tile (0, 2)
  because: it would end at 70080; the tile has 65536 bytes
  try: leave the address out to have it chosen""",
    ),
    "in the stack": (
        """\
%core = aie.tile(0, 2)
%a = aie.buffer(%core) {sym_name = "a", address = 512 : i32} : memref<16xi32>
aie.core(%core) {

aie.end
}""",
        """\
design.mlir:3:6: Buffer 'a' cannot lie at address 512 of tile (0, 2)
  because: the stack has bytes 0..1023
  try: leave the address out to have it chosen""",
    ),
    "not aligned": (
        """\
%core = aie.tile(0, 2)
%a = aie.buffer(%core) {sym_name = "a", address = 4100 : i32} : memref<16xi32>""",
        """\
design.mlir:3:6: Buffer 'a' cannot lie at address 4100 of tile (0, 2)
  because: addresses on a core tile are multiples of 32
  try: leave the address out to have it chosen""",
    ),
    "bank and address disagree": (
        """\
%core = aie.tile(0, 2)
%a = aie.buffer(%core) {sym_name = "a", address = 4096 : i32, mem_bank = 2 : i32} : memref<16xi32>""",
        """\
design.mlir:3:6: Buffer 'a' cannot lie at address 4096 of tile (0, 2)
  because: it asks for bank 2; the address is in bank 0
  try: leave the address out to have it chosen""",
    ),
    "no such bank": (
        """\
%core = aie.tile(0, 2)
%a = aie.buffer(%core) {sym_name = "a", mem_bank = 7 : i32} : memref<16xi32>""",
        """\
design.mlir:3:6: Buffer 'a' asks for bank 7
  because: tile (0, 2) has banks 0..3""",
    ),
}


@pytest.mark.parametrize(("text", "message"), CASES.values(), ids=CASES.keys())
def test_refusals(text: str, message: str) -> None:
    assert refusal(text, LowerObjectFifos(), AssignBufferAddresses()) == message


@given(
    sizes=st.lists(st.integers(1, 20_000), max_size=12),
    stack=st.sampled_from([None, 1024, 20_000]),
    row=st.sampled_from([1, 2]),
)
def test_buffers_lie_apart_inside_the_memory(sizes: list[int], stack: int | None, row: int) -> None:
    text = f"%tile = aie.tile(0, {row})\n"
    for index, size in enumerate(sizes):
        text += f'%b{index} = aie.buffer(%tile) {{sym_name = "b{index}"}} : memref<{size}xi8>\n'
    if stack is not None and row == 2:
        text += f"aie.core(%tile) {{\naie.end\n}} {{stack_size = {stack} : i32}}\n"
    (device,) = devices_in(parse_module(f"aie.device(npu1) {{\n{text}}}"))
    memory, step = (65536, 32) if row == 2 else (524288, 4)
    reserved = stack if stack is not None and row == 2 else 0
    try:
        AssignBufferAddresses().apply(device, device.model)
    except DesignError:
        assert reserved + sum(-(-size // step) * step for size in sizes) + step > memory
        return
    ranges = sorted(
        (number_of(op.address), number_of(op.address) + size)
        for op, size in zip(
            (op for op in device.walk() if isinstance(op, BufferOp)), sizes, strict=True
        )
        if op.address is not None
    )
    assert len(ranges) == len(sizes)
    edges = [(0, reserved), *ranges, (memory, memory)]
    assert all(before <= start for (_, before), (start, _) in pairwise(edges))
    assert all(start % step == 0 for start, _ in ranges)
