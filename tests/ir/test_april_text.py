"""What April's text said otherwise, operation by operation, where the samples do not show it."""

import pytest

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module, print_module

DEVICE = """\
module {{
  aie.device(npu1) {{
    %t = aie.tile(0, 2)
    %m = aie.tile(0, 1)
    %l = aie.lock(%t)
    %b = aie.buffer(%t) {{sym_name = "b"}} : memref<64xi32>
    %h = aie.buffer(%m) {{sym_name = "h"}} : memref<64xi32>
{body}
  }}
}}
"""


def core(text: str) -> str:
    return f"aie.core(%t) {{\n{text}\naie.end\n}}"


def sequence(text: str) -> str:
    return f"aie.runtime_sequence() {{\n{text}\n}}"


def program(first: str, second: str) -> str:
    return f"""\
%d = aie.memtile_dma(%m) {{
  %x = aie.dma_start(MM2S, 0, ^one, ^end)
^one:
  {first}
  aie.next_bd ^two
^two:
  {second}
  aie.next_bd ^one
^end:
  aie.end
}}"""


def printed(body: str) -> list[str]:
    """The lines behind the buffers that a body is printed as."""
    lines = print_module(parse_module(DEVICE.format(body=body), "in.mlir")).splitlines()
    return [line.strip() for line in lines[7:]]


SAME = [
    pytest.param(
        core("aie.use_lock(%l, Release)"),
        ["%c1_i32 = arith.constant 1 : i32", "aie.use_lock(%lock_0_2, Release, %c1_i32)"],
        id="a count left out is 1",
    ),
    pytest.param(
        core("aie.use_lock(%l, Acquire, 3, NonBlocking) {acq_en = false}"),
        [
            "%c3_i32 = arith.constant 3 : i32",
            "aie.use_lock(%lock_0_2, Acquire, %c3_i32, NonBlocking) {acq_en = false}",
        ],
        id="a count with a mode and a dictionary",
    ),
    pytest.param(
        core('"aie.use_lock"(%l) <{action = 1 : i32}> : (index) -> ()'),
        ["%c1_i32 = arith.constant 1 : i32", "aie.use_lock(%lock_0_2, Release, %c1_i32)"],
        id="the generic form without a count",
    ),
    pytest.param(
        sequence("aiex.npu.write32 {address = 4294967295 : ui32, value = 2147483648 : ui32}"),
        [
            "%c-1_i32 = arith.constant -1 : i32",
            "%c-2147483648_i32 = arith.constant -2147483648 : i32",
            "aiex.npu.write32(%c-1_i32, %c-2147483648_i32) : i32, i32",
        ],
        id="numbers of 32 bits become signed",
    ),
    pytest.param(
        sequence("aie.trace.host_config buffer_size = 64 arg_idx = 2"),
        ["aie.trace.host_config {buffer_size = 64 : i32}"],
        id="an argument's number has no counterpart",
    ),
    pytest.param(
        program(
            "aie.dma_bd(%h : memref<64xi32>, 8)",
            "aie.dma_bd(%h : memref<64xi32>, [<size = 4, stride = 2>])",
        ),
        [
            "%0 = aie.dma_start(MM2S, 0, ^bb1, ^bb3)",
            "aie.dma_bd(%h : memref<64xi32> offset = 8)",
            "aie.dma_bd(%h : memref<64xi32> sizes = [4] strides = [2])",
        ],
        id="each part of a descriptor may be missing",
    ),
    pytest.param(
        program(
            "aie.dma_bd(%h : memref<64xi32>, 0, 8, pad_value = 0)",
            "aie.dma_bd(%h : memref<64xi32>, 0, 8)",
        ),
        [
            "%0 = aie.dma_start(MM2S, 0, ^bb1, ^bb3)",
            "aie.dma_bd(%h : memref<64xi32> offset = 0 len = 8)",
        ],
        id="padding with 0 is what is said by nothing",
    ),
    pytest.param(
        program(*2 * ["aie.dma_bd(%h : memref<64xi32>, 0, 8, pad_value = 7)"]),
        [
            "%0 = aie.dma_start(MM2S, 0, ^bb1, ^bb3) {pad_value = 7 : i32}",
            "aie.dma_bd(%h : memref<64xi32> offset = 0 len = 8)",
        ],
        id="padding belongs to the channel",
    ),
]


@pytest.mark.parametrize(("body", "lines"), SAME)
def test_it_is_printed_as_august_writes_it(body: str, lines: list[str]) -> None:
    found = printed(body)
    assert [line for line in found if line in lines][: len(lines)] == lines


REFUSED = [
    pytest.param(
        program(
            "aie.dma_bd(%h : memref<64xi32>, 0, 8, pad_value = 7)",
            "aie.dma_bd(%h : memref<64xi32>, 0, 8, pad_value = 8)",
        ),
        "in.mlir:8:6: the descriptors of one channel are padded with 7 and 8",
        id="two values on one channel",
    ),
    pytest.param(
        sequence("aiex.npu.write32 {address = 4294967296 : ui64, value = 1 : ui32}"),
        "in.mlir:9:1: 4294967296 does not fit 32 bits",
        id="a number of more than 32 bits",
    ),
    pytest.param(
        sequence("aiex.npu.assert_bd_field {max = 4 : i32}"),
        "in.mlir:10:1: aiex.npu.assert_bd_field takes 1 operands",
        id="an operation that April did not have",
    ),
]


@pytest.mark.parametrize(("body", "message"), REFUSED)
def test_it_is_refused(body: str, message: str) -> None:
    with pytest.raises(DesignError) as caught:
        parse_module(DEVICE.format(body=body), "in.mlir")
    assert str(caught.value) == message


def test_a_constant_before_the_module_stays_there() -> None:
    text = (
        "%c = arith.constant 1 : i32\nfunc.func @f() {\n  %d = arith.addi %c, %c : i32\n  return\n}"
    )
    assert print_module(parse_module(text)).splitlines()[1].strip() == (
        "%c1_i32 = arith.constant 1 : i32"
    )
