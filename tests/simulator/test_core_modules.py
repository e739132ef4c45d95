"""Core code as text (memref views, vectors, structured and branching control, affine, own memory)
computes what MLIR says, natively and by the interpreter: one module with a function for each case,
long because each case is a program.
"""

import numpy as np
import pytest
from simulator.building import assert_agree, built, ran
from simulator.core_modules import Case, module_of, plan_of, results_of

from ironbird.base.errors import DesignError

TABLE = """
%table = aie.buffer(%tile) {sym_name = "table"} : memref<16xi32> = dense<[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]>
%plane = aie.buffer(%tile) {sym_name = "plane"} : memref<4x8xi32> = dense<[[0, 1, 2, 3, 4, 5, 6, 7], [10, 11, 12, 13, 14, 15, 16, 17], [20, 21, 22, 23, 24, 25, 26, 27], [30, 31, 32, 33, 34, 35, 36, 37]]>
memref.global "private" constant @squares : memref<4xi32> = dense<[1, 4, 9, 16]>
"""  # noqa: E501 (lines of MLIR)


def store(*values: str, type: str = "i32") -> str:
    """Statements that put values into the first places of %out."""
    count = len(values)
    lines = []
    for number, value in enumerate(values):
        lines.append(f"%at{number} = arith.constant {number} : index")
        lines.append(f"memref.store {value}, %out[%at{number}] : memref<{count}x{type}>")
    return "\n".join(lines)


VECTORS = [
    Case(
        "lanes_moved",
        """
        %v = arith.constant dense<[[1, 2, 3], [4, 5, 6]]> : vector<2x3xi32>
        %c9 = arith.constant 9 : i32
        %row = vector.extract %v[1] : vector<3xi32> from vector<2x3xi32>
        %one = vector.extract %v[0, 2] : i32 from vector<2x3xi32>
        %w = vector.insert %row, %v [0] : vector<3xi32> into vector<2x3xi32>
        %x = vector.insert %c9, %w [1, 1] : i32 into vector<2x3xi32>
        %f = vector.shape_cast %x : vector<2x3xi32> to vector<6xi32>
        %s = vector.extract_strided_slice %f {offsets = [2], sizes = [3], strides = [1]} : vector<6xi32> to vector<3xi32>
        %m = vector.shuffle %s, %f [0, 3, 2, 1] : vector<3xi32>, vector<6xi32>
        %c0 = arith.constant 0 : index
        vector.store %m, %out[%c0] : memref<8xi32>, vector<4xi32>
        %c4 = arith.constant 4 : index
        %b = vector.broadcast %row : vector<3xi32> to vector<2x3xi32>
        %bf = vector.shape_cast %b : vector<2x3xi32> to vector<6xi32>
        %last = vector.extract_strided_slice %bf {offsets = [2], sizes = [3], strides = [1]} : vector<6xi32> to vector<3xi32>
        vector.store %last, %out[%c4] : memref<8xi32>, vector<3xi32>
        %c7 = arith.constant 7 : index
        memref.store %one, %out[%c7] : memref<8xi32>
        """,  # noqa: E501
        # x = [[4, 5, 6], [4, 9, 6]]; s = [6, 4, 9]
        (6, 4, 9, 4, 6, 4, 5, 3),
    ),
    Case(
        "lanes_computed",
        """
        %c0 = arith.constant 0 : index
        %a = arith.constant dense<[1.0, 2.0, 3.0, 4.0]> : vector<4xf32>
        %two = arith.constant dense<2.0> : vector<4xf32>
        %cmp = arith.cmpf ogt, %a, %two : vector<4xf32>
        %sel = arith.select %cmp, %a, %two : vector<4xi1>, vector<4xf32>
        %fma = vector.fma %a, %sel, %two : vector<4xf32>
        %h = arith.truncf %fma : vector<4xf32> to vector<4xbf16>
        %e = arith.extf %h : vector<4xbf16> to vector<4xf32>
        vector.store %e, %out[%c0] : memref<8xf32>, vector<4xf32>
        %sum = vector.reduction <add>, %a : vector<4xf32> into f32
        %big = vector.reduction <maximumf>, %a, %sum : vector<4xf32> into f32
        %bits = vector.bitcast %a : vector<4xf32> to vector<4xi32>
        %b1 = vector.extract %bits[1] : i32 from vector<4xi32>
        %c23 = arith.constant 23 : i32
        %exponent = arith.shrui %b1, %c23 : i32
        %ef = arith.sitofp %exponent : i32 to f32
        %c4 = arith.constant 4 : index
        %c5 = arith.constant 5 : index
        %c6 = arith.constant 6 : index
        %c7 = arith.constant 7 : index
        memref.store %sum, %out[%c4] : memref<8xf32>
        memref.store %big, %out[%c5] : memref<8xf32>
        memref.store %ef, %out[%c6] : memref<8xf32>
        memref.store %ef, %out[%c7] : memref<8xf32>
        """,
        (4, 6, 11, 18, 10, 10, 128, 128),
        type="f32",
    ),
    Case(
        "transfers",
        """
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %c6 = arith.constant 6 : index
        %pad = arith.constant -1 : i32
        %v = vector.transfer_read %plane[%c2, %c6], %pad : memref<4x8xi32>, vector<4xi32>
        vector.transfer_write %v, %out[%c0] {in_bounds = [true]} : vector<4xi32>, memref<10xi32>
        %t = vector.transfer_read %plane[%c1, %c0], %pad {in_bounds = [true, true], permutation_map = affine_map<(d0, d1) -> (d1, d0)>} : memref<4x8xi32>, vector<2x2xi32>
        %f = vector.shape_cast %t : vector<2x2xi32> to vector<4xi32>
        %c4 = arith.constant 4 : index
        vector.transfer_write %f, %out[%c4] : vector<4xi32>, memref<10xi32>
        %c8 = arith.constant 8 : index
        vector.transfer_write %f, %out[%c8] : vector<4xi32>, memref<10xi32>
        """,  # noqa: E501
        (26, 27, -1, -1, 10, 20, 11, 21, 10, 20),
        inline=True,
    ),
]
VIEWS = [
    Case(
        "views",
        """
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %flat = memref.collapse_shape %plane [[0, 1]] : memref<4x8xi32> into memref<32xi32>
        %deep = memref.expand_shape %plane [[0, 1], [2]] output_shape [2, 2, 8] : memref<4x8xi32> into memref<2x2x8xi32>
        %box = memref.subview %plane[1, 2] [2, 3] [1, 2] : memref<4x8xi32> to memref<2x3xi32, strided<[8, 2], offset: 10>>
        %row = memref.subview %box[%c1, 0] [1, 3] [1, 1] : memref<2x3xi32, strided<[8, 2], offset: 10>> to memref<3xi32, strided<[2], offset: ?>>
        %cast = memref.reinterpret_cast %flat to offset: [9], sizes: [2, 2], strides: [2, 8] : memref<32xi32> to memref<2x2xi32, strided<[2, 8], offset: 9>>
        %any = memref.cast %flat : memref<32xi32> to memref<?xi32>
        %size = memref.dim %any, %c0 : memref<?xi32>
        %n = arith.index_cast %size : index to i32
        %v0 = memref.load %deep[%c1, %c0, %c2] : memref<2x2x8xi32>
        %v1 = memref.load %box[%c0, %c1] : memref<2x3xi32, strided<[8, 2], offset: 10>>
        %v2 = memref.load %row[%c2] : memref<3xi32, strided<[2], offset: ?>>
        %v3 = memref.load %cast[%c1, %c1] : memref<2x2xi32, strided<[2, 8], offset: 9>>
        %v4 = memref.load %any[%c2] : memref<?xi32>
        """  # noqa: E501
        + store("%n", "%v0", "%v1", "%v2", "%v3", "%v4"),
        (32, 22, 14, 26, 23, 2),
        inline=True,
    ),
    Case(
        "own_memory",
        """
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c4 = arith.constant 4 : index
        %squares = memref.get_global @squares : memref<4xi32>
        %stack = memref.alloca() : memref<4xi32>
        %heap = memref.alloc() : memref<4xi32>
        memref.copy %squares, %stack : memref<4xi32> to memref<4xi32>
        scf.for %i = %c0 to %c4 step %c1 {
          %s = memref.load %stack[%i] : memref<4xi32>
          %d = arith.addi %s, %s : i32
          memref.store %d, %heap[%i] : memref<4xi32>
        }
        memref.copy %heap, %out : memref<4xi32> to memref<4xi32>
        memref.dealloc %heap : memref<4xi32>
        """,
        (2, 8, 18, 32),
        inline=True,
    ),
]
CONTROL = [
    Case(
        "structured",
        """
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c5 = arith.constant 5 : index
        %i0 = arith.constant 0 : i32
        %i1 = arith.constant 1 : i32
        %i100 = arith.constant 100 : i32
        %sum, %swap = scf.for %i = %c0 to %c5 step %c1 iter_args(%a = %i0, %b = %i1) -> (i32, i32) {
          %next = arith.addi %a, %b : i32
          scf.yield %b, %next : i32, i32
        }
        %less = arith.cmpi slt, %sum, %i100 : i32
        %chosen = scf.if %less -> (i32) {
          scf.yield %swap : i32
        } else {
          scf.yield %i0 : i32
        }
        %steps = scf.while (%x = %i1) : (i32) -> i32 {
          %go = arith.cmpi slt, %x, %i100 : i32
          scf.condition(%go) %x : i32
        } do {
        ^bb0(%y: i32):
          %double = arith.addi %y, %y : i32
          scf.yield %double : i32
        }
        %number = arith.index_cast %sum : i32 to index
        %switched = scf.index_switch %number -> i32
        case 5 {
          scf.yield %i100 : i32
        }
        default {
          scf.yield %i0 : i32
        }
        """
        + store("%sum", "%swap", "%chosen", "%steps", "%switched"),
        (5, 8, 8, 128, 100),
    ),
    Case(
        "branches",
        """
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c6 = arith.constant 6 : index
        %i0 = arith.constant 0 : i32
        %i1 = arith.constant 1 : i32
        %i2 = arith.constant 2 : i32
        cf.br ^head(%c0, %i0 : index, i32)
        ^done:
        return
        ^head(%i: index, %a: i32):
        %more = arith.cmpi slt, %i, %c6 : index
        cf.cond_br %more, ^body, ^done
        ^body:
        %n = arith.index_cast %i : index to i32
        %kind = arith.remsi %n, %i2 : i32
        cf.switch %kind : i32, [
          default: ^join(%i1 : i32),
          1: ^join(%a : i32)
        ]
        ^join(%value: i32):
        memref.store %value, %out[%i] : memref<6xi32>
        %next = arith.addi %i, %c1 : index
        %b = arith.addi %a, %value : i32
        cf.br ^head(%next, %b : index, i32)
        """,
        (1, 1, 1, 3, 1, 7),
    ),
    Case(
        "affine",
        """
        %c3 = arith.constant 3 : index
        affine.for %i = 0 to 4 {
          affine.for %j = 0 to 2 {
            %v = affine.load %table[%i * 2 + %j] : memref<16xi32>
            affine.store %v, %out[%i * 2 + %j] : memref<11xi32>
          }
        }
        %index = affine.apply affine_map<(d0) -> (d0 * 2 + 1)>(%c3)
        %n = arith.index_cast %index : index to i32
        %m = affine.apply affine_map<(d0) -> ((d0 - 8) mod 3)>(%c3)
        %k = arith.index_cast %m : index to i32
        %i1 = arith.constant 1 : i32
        %sum = affine.for %i = 0 to 8 step 2 iter_args(%a = %i1) -> (i32) {
          %d = arith.addi %a, %a : i32
          affine.yield %d : i32
        }
        %c8 = arith.constant 8 : index
        %c9 = arith.constant 9 : index
        %c10 = arith.constant 10 : index
        memref.store %n, %out[%c8] : memref<11xi32>
        memref.store %k, %out[%c9] : memref<11xi32>
        memref.store %sum, %out[%c10] : memref<11xi32>
        """,
        (0, 1, 2, 3, 4, 5, 6, 7, 7, 1, 16),
        inline=True,
    ),
    Case(
        "index_dialect",
        """
        %a = index.constant 17
        %b = index.constant 5
        %q = index.ceildivs %a, %b
        %f = index.floordivs %a, %b
        %m = index.maxu %q, %f
        %l = index.shl %m, %b
        %x = index.xor %l, %a
        %less = index.cmp ult(%a, %b)
        %one = arith.extui %less : i1 to i32
        %w = index.casts %x : index to i32
        %s = index.casts %q : index to i32
        """
        + store("%w", "%s", "%one"),
        (4 << 5 ^ 17, 4, 0),
    ),
    Case(
        "single_bits",
        """
        %t = arith.constant true
        %u = arith.constant false
        %sum = arith.addi %t, %t : i1
        %less = arith.cmpi slt, %t, %u : i1
        %below = arith.cmpi ult, %t, %u : i1
        %most = arith.maxsi %t, %u : i1
        %a = arith.extui %sum : i1 to i32
        %b = arith.extsi %less : i1 to i32
        %c = arith.extui %below : i1 to i32
        %d = arith.extui %most : i1 to i32
        """
        + store("%a", "%b", "%c", "%d"),
        # A signed i1 is 0 or -1.
        (0, -1, 0, 0),
    ),
]
CASES = [*VECTORS, *VIEWS, *CONTROL]


@pytest.fixture(scope="module")
def executable(tmp_path_factory):
    plan = plan_of(module_of(CASES, TABLE))
    return built(plan, tmp_path_factory.mktemp("modules"))


@pytest.fixture(scope="module")
def results(executable):
    result, (words,) = ran(executable)
    assert [str(each) for each in result.findings] == []
    return results_of(CASES, words)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_results(case, results):
    np.testing.assert_array_equal(results[case.name], case.expected)


def test_both_simulators_agree(executable):
    assert_agree(executable)


def test_own_memory_is_unwritten_every_time(tmp_path):
    """Each turn of a loop makes it anew; only the first turn writes it."""
    body = """
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %i7 = arith.constant 7 : i32
        scf.for %i = %c0 to %c2 step %c1 {
          %stack = memref.alloca() : memref<1xi32>
          %is_first = arith.cmpi eq, %i, %c0 : index
          scf.if %is_first {
            memref.store %i7, %stack[%c0] : memref<1xi32>
          }
          %v = memref.load %stack[%c0] : memref<1xi32>
          memref.store %v, %out[%i] : memref<2xi32>
        }
        """
    cases = [Case("anew", body, (7, -1), inline=True)]
    executable = built(plan_of(module_of(cases, TABLE)), tmp_path)
    result, (words,) = ran(executable)
    (finding,) = result.findings
    assert str(finding).partition(": ")[2] == (
        "poison-read: core (0, 2) reads buffer 'core_0_2_own_0' where nobody wrote it\n"
        "  because: 4 bytes at byte 0 were never written\n"
        "  try: write the buffer before it is read, or give it initial values"
    )
    assert words.tolist() == [7, -1]
    assert_agree(executable)


REFUSED = [
    (
        "%v = memref.alloca() : memref<4xi32>",
        False,
        "memref.alloca in a function\n"
        "  because: several cores may call it, and each would need memory of its own\n"
        "  try: the memory as an argument of the function",
    ),
    (
        "%v = memref.alloca() : memref<400xi32>",
        True,
        "memref.alloca of 1600 bytes does not fit the stack of tile (0, 2)\n"
        "  because: the core's own memory comes to 1600 bytes; stack_size is 1024\n"
        "  try: stack_size=1856, or an aie.buffer",
    ),
    (
        "%v = memref.subview %plane[1, 2] [4, 3] [1, 1] : memref<4x8xi32> to "
        "memref<4x3xi32, strided<[8, 1], offset: 10>>",
        True,
        "memref.subview leaves axis 0\n"
        "  because: it starts at element 1; the last that it may start at is 0",
    ),
    (
        "%w = arith.constant 5 : i128\n%v = arith.addi %w, %w : i128",
        True,
        "arith.addi of i128\n"
        "  because: a core moves integers of that width through streams and the cascade, and does "
        "not compute with them",
    ),
    (
        "%m = arith.constant dense<1> : vector<4xi1>\n%c = arith.constant 0 : index\n"
        "%p = arith.constant 0 : i32\n"
        "%v = vector.transfer_read %table[%c], %p, %m : memref<16xi32>, vector<4xi32>",
        True,
        "vector.transfer_read with a mask\n  try: vector.load and arith.select",
    ),
]


@pytest.mark.parametrize(("body", "inline", "message"), REFUSED, ids=lambda each: str(each)[:12])
def test_refusals(body, inline, message):
    case = Case("refused", body, (0,), inline=inline)
    with pytest.raises(DesignError) as refusal:
        plan_of(module_of([case], TABLE))
    assert str(refusal.value).partition(": ")[2] == message
