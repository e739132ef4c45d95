"""Numbers and values that an operation can hold and that mean nothing there."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

import pytest

from tests.ir.refusals import Case, ids, refusal


def core(*lines: str) -> str:
    return "aie.core(%t) {\n" + "\n".join(lines) + "\naie.end\n}"


def fifo(options: str, layout: str = "") -> str:
    return (
        f"aie.objectfifo @f(%m{layout}, {{%t}}, 2 : i32){options} : !aie.objectfifo<memref<16xi32>>"
    )


def copy(numbers: str) -> str:
    return f"""\
aie.shim_dma_allocation @g(%s, MM2S, 0)
aie.runtime_sequence(%a : memref<64xi32>) {{
  aiex.npu.dma_memcpy_nd(%a{numbers}) {{id = 0 : i64, metadata = @g}} : memref<64xi32>
}}"""


CASES: list[Case] = [
    (
        "a comparison that there is not",
        core(
            "%a = arith.constant 1 : i32",
            '%b = "arith.cmpi"(%a, %a) <{predicate = 10 : i64}> : (i32, i32) -> i1',
        ),
        "in.mlir:9:10: arith.cmpi has predicate 10\n  because: they are 0..9",
    ),
    (
        "a comparison of vectors without a word for it",
        core(
            "%a = arith.constant dense<1> : vector<16xi32>",
            '%b = "arith.cmpi"(%a, %a) : (vector<16xi32>, vector<16xi32>) -> vector<16xi1>',
        ),
        "in.mlir:9:10: 'arith.cmpi' has no property 'predicate'",
    ),
    (
        "a sum of one vector",
        core(
            "%a = arith.constant dense<1> : vector<16xi32>",
            '%b = "arith.addi"(%a) <{overflowFlags = #arith.overflow<none>}> : (vector<16xi32>) -> vector<16xi32>',
        ),
        "in.mlir:9:10: 'arith.addi' is not well formed\n  because: Expected 2 operands, but got 1",
    ),
    (
        "a lane behind the last",
        core(
            "%a = arith.constant dense<1> : vector<16xi32>",
            "%b = vector.extract %a[16] : i32 from vector<16xi32>",
        ),
        "in.mlir:9:10: vector.extract reaches lane 16\n  because: vector<16xi32> has 0..15",
    ),
    (
        "a place of two numbers in a vector of one dimension",
        core(
            "%a = arith.constant dense<1> : vector<16xi32>",
            "%c = arith.constant 1 : i32",
            '%b = "vector.insert"(%c, %a) <{static_position = array<i64: 0, 0>}> : (i32, vector<16xi32>) -> vector<16xi32>',
        ),
        "in.mlir:10:10: vector.insert names a place by 2 numbers\n"
        "  because: vector<16xi32> has 1 dimensions",
    ),
    (
        "a bound that is the least of nothing",
        core("affine.for %i = max affine_map<() -> ()>() to 4 {", "}"),
        "in.mlir:8:5: the lower bound of affine.for is a map without a result",
    ),
    (
        "a master port that no arbiter drives",
        "aie.switchbox(%t) {\n  %x = aie.masterset(North : 1, %t)\n}",
        "in.mlir:8:12: aie.masterset names a value that is no aie.amsel",
    ),
    (
        "a rule that leads to no arbiter",
        "aie.switchbox(%t) {\n  aie.packet_rules(North : 1) {\n    aie.rule(31, 1, %t)\n  }\n}",
        "in.mlir:9:9: aie.rule names a value that is no aie.amsel",
    ),
    (
        "a multicast from a channel that there is not",
        "aiex.multicast(%s, DMA : 2) {\n  aiex.multi_dest<%t, DMA : 0>\n}",
        "in.mlir:7:5: tile (0, 0) has no DMA channel 2\n  because: its channels are 0..1 in each direction",
    ),
    (
        "a multicast to a channel that there is not",
        "aiex.multicast(%s, DMA : 0) {\n  aiex.multi_dest<%t, DMA : 2>\n}",
        "in.mlir:8:7: tile (0, 2) has no DMA channel 2\n  because: its channels are 0..1 in each direction",
    ),
    (
        "a broadcast that there is not",
        "aie.trace @w(%t) {\n  aie.trace.start broadcast = 16\n}",
        "in.mlir:8:7: aie.trace.start is on broadcast 16\n  because: a tile has the broadcasts 0..15",
    ),
    (
        "padding that no field holds",
        fifo(
            " {padDimensions = #aie<bd_pad_layout_array[<const_pad_before = 253, const_pad_after = 0>]>}",
            " dimensionsToStream [<size = 16, stride = 1>]",
        ),
        "in.mlir:7:5: ObjectFifo 'f' pads 253 elements in a dimension\n"
        "  because: the widest field of a descriptor holds 0..252",
    ),
    (
        "a stream at no end",
        fifo(" {aie_stream = 3 : i32, aie_stream_port = 0 : i32}"),
        "in.mlir:7:5: ObjectFifo 'f' has aie_stream 3\n"
        "  because: 0 is the producer's end, 1 the consumers', 2 both",
    ),
    (
        "a layout of more dimensions than a descriptor",
        "aie.objectfifo @f(%t dimensionsToStream [<size = 2, stride = 8>, <size = 2, stride = 4>, "
        "<size = 2, stride = 2>, <size = 2, stride = 1>], {%s}, 2 : i32) : !aie.objectfifo<memref<16xi32>>",
        "in.mlir:7:5: the dimensionsToStream of ObjectFifo 'f' does not fit a descriptor of a core tile\n"
        "  because: 4 dimensions; a descriptor has 3",
    ),
    (
        "a size that no buffer has",
        copy("[0, 0, 0, 0][1, 1, 1, 2147483648][0, 0, 0, 1]"),
        "in.mlir:9:7: a transfer has the size 2147483648\n"
        "  because: no buffer of the host has more than 2147483647 elements",
    ),
    (
        "a run of more elements than can be counted",
        copy("[0, 0, 0, 0][1, 2147483647, 1, 2][0, 0, 0, 1]"),
        "in.mlir:9:7: a transfer of 4294967294 elements in one run\n"
        "  because: the length field counts up to 2147483647",
    ),
    (
        "a start of what is no task",
        "aie.runtime_sequence() {\n  %c = arith.constant 1 : index\n  aiex.dma_start_task(%c)\n}",
        "in.mlir:9:7: aiex.dma_start_task works on the result of arith.constant\n"
        "  because: it takes what aiex.dma_configure_task or a started chain gives",
    ),
    (
        "a view with fewer strides than sizes",
        core(
            "%b = memref.alloca() : memref<16xi32>",
            "%v = memref.reinterpret_cast %b to offset: [0], sizes: [4], strides: [1] : memref<16xi32> to memref<4xi32, strided<[]>>",
        ),
        "in.mlir:9:10: 'memref.reinterpret_cast' gives memref<4xi32, strided<[]>>\n"
        "  because: 1 sizes have 0 strides",
    ),
]


@pytest.mark.parametrize(("title", "text", "message"), CASES, ids=ids(CASES))
def test_it_is_refused(title: str, text: str, message: str) -> None:
    assert refusal(text) == message
