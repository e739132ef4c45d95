"""What MLIR leaves undefined in core code is told at its line, natively and by the interpreter."""

import numpy as np
import pytest
from simulator.building import assert_agree, built, ran
from simulator.plan_parts import I32, INDEX, line
from simulator.plans import add_constant, ping_pong


def every_defect(writer, source, target, ring):
    """One defect a line; the constants are not known to the checker, but loaded."""
    add_constant(writer, source, target, ring, 0)
    two_at = {name: writer.constant(value) for name, value in (("first", 0), ("past", ring.count))}

    def loaded(number):
        """`number` as an i32 that is known only at run time."""
        any_number = writer.op("memref.load", (source, two_at["first"]), I32)
        nothing = writer.op("arith.subi", (any_number, any_number), I32)
        return writer.op("arith.addi", (nothing, writer.constant(number, I32)), I32)

    def stored(value):
        writer.op("memref.store", (value, target, two_at["first"]))

    seven = writer.constant(7, I32)
    stored(writer.op("arith.divsi", (seven, loaded(0)), I32, at=line(60)))
    stored(writer.op("arith.remui", (seven, loaded(0)), I32, at=line(61)))
    least = writer.constant(-(2**31), I32)
    stored(writer.op("arith.floordivsi", (least, loaded(-1)), I32, at=line(62)))
    stored(writer.op("arith.shli", (seven, loaded(32)), I32, at=line(63)))
    stored(writer.op("arith.shrui", (seven, loaded(-5)), I32, at=line(64)))
    writer.op("memref.store", (seven, target, two_at["past"]), at=line(65))
    behind = writer.op("arith.index_cast", (loaded(-3),), INDEX)
    stored(writer.op("memref.load", (source, behind), I32, at=line(66)))
    step = writer.op("arith.index_cast", (loaded(0),), INDEX)

    def turn(index):
        writer.op("scf.yield")

    body = writer.region(turn, (INDEX,))
    bounds = (writer.constant(0), writer.constant(4), step)
    writer.op("scf.for", bounds, regions=(body,), at=line(67))


DIVISION = (
    "the result of an integer division by 0 is undefined (arith); 0 was taken\n"
    "  try: arith.select of another divisor, or if_ round the division"
)
SHIFT = (
    "a shift by less than 0 bits, or by as many as the type has, is undefined (arith); the result "
    "was taken to be 0\n  try: arith.andi of the amount with the width less one"
)
EXPECTED = [
    f"design.py:60: undefined-result: worker 'worker0' divides by 0\n  because: {DIVISION}",
    f"design.py:61: undefined-result: worker 'worker0' divides by 0\n  because: {DIVISION}",
    "design.py:62: undefined-result: worker 'worker0' divides -2147483648 by -1\n"
    "  because: the result does not fit the type and is undefined (arith); the dividend was taken "
    "for a quotient, 0 for a remainder\n"
    "  try: a wider integer type",
    f"design.py:63: undefined-result: worker 'worker0' shifts by 32 bits\n  because: {SHIFT}",
    f"design.py:64: undefined-result: worker 'worker0' shifts by -5 bits\n  because: {SHIFT}",
    "design.py:65: out-of-bounds: worker 'worker0' stores outside buffer 'y_out_buff_0' of "
    "ObjectFifo 'y_out'\n"
    "  because: index 16 on axis 0, which has 16 elements here; nothing was stored\n"
    "  try: an index from 0 to 15",
    "design.py:66: out-of-bounds: worker 'worker0' reads outside buffer 'x_in_buff_0' of "
    "ObjectFifo 'x_in'\n"
    "  because: index -3 on axis 0, which has 16 elements here; 0 was read\n"
    "  try: an index from 0 to 15",
    "design.py:67: undefined-result: worker 'worker0' loops with the step 0\n"
    "  because: a loop counts upwards, by 1 at least (scf.for); it was left out\n"
    "  try: a step of at least 1",
]


@pytest.fixture(scope="module")
def defective(tmp_path_factory):
    return built(ping_pong(compute=every_defect)[0], tmp_path_factory.mktemp("defects"))


def test_each_is_told_once_at_its_line(defective):
    result, _ = ran(defective)
    assert sorted(str(each) for each in result.findings) == sorted(EXPECTED)
    assert result.finished


def test_both_simulators_go_on_alike(defective):
    assert_agree(defective)
    _, (x, y) = ran(defective)
    # The last thing stored into element 0 of each object was read from outside: 0.
    np.testing.assert_array_equal(y, np.where(np.arange(len(x)) % 16 == 0, 0, x))


def test_a_far_index_harms_nobody(tmp_path):
    def wild(writer, source, target, ring):
        add_constant(writer, source, target, ring, 0)
        far = writer.constant(2**40)
        writer.op("memref.store", (writer.constant(1, I32), target, far), at=line(40))

    executable = built(ping_pong(compute=wild)[0], tmp_path)
    result, (x, y) = ran(executable)
    assert [str(each).splitlines()[0] for each in result.findings] == [
        "design.py:40: out-of-bounds: worker 'worker0' stores outside buffer 'y_out_buff_0' of "
        "ObjectFifo 'y_out'"
    ]
    np.testing.assert_array_equal(y, x)
