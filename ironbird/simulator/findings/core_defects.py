"""What a core did outside its buffers, and what its own code did that MLIR gives no meaning."""

from ironbird.base.findings import Finding, FindingKind
from ironbird.simulator.findings.names import Names
from ironbird.simulator.records import FindingRecord
from ironbird.simulator.undefined import Undefined

# What the core does, with which number, and what would have a meaning.
_UNDEFINED = {
    Undefined.DIVISION_BY_ZERO: (
        "divides by 0",
        "the result of an integer division by 0 is undefined (arith); 0 was taken",
        "arith.select of another divisor, or if_ round the division",
    ),
    Undefined.DIVISION_OVERFLOW: (
        "divides {number} by -1",
        "the result does not fit the type and is undefined (arith); the dividend was taken for a "
        "quotient, 0 for a remainder",
        "a wider integer type",
    ),
    Undefined.SHIFT: (
        "shifts by {number} bits",
        "a shift by less than 0 bits, or by as many as the type has, is undefined (arith); the "
        "result was taken to be 0",
        "arith.andi of the amount with the width less one",
    ),
    Undefined.STEP: (
        "loops with the step {number}",
        "a loop counts upwards, by 1 at least (scf.for); it was left out",
        "a step of at least 1",
    ),
}


def out_of_bounds(names: Names, record: FindingRecord) -> Finding:
    """An index that is not on its axis."""
    acts = "stores" if record.other_site == 1 else "reads"
    done = "nothing was stored" if record.other_site == 1 else "0 was read"
    memory = names.memory(record.object)
    return Finding(
        kind=FindingKind.OUT_OF_BOUNDS,
        what=f"{names.agent(record.agent)} {acts} outside {memory}",
        at=names.line(record.agent, record.site),
        because=f"index {record.count} on axis {record.detail}, which has {record.first} elements "
        f"here; {done}",
        fix=f"an index from 0 to {record.first - 1}",
        objects=names.objects(record.object),
        also_at=() if (made := names.memory_line(record.object)) is None else (made,),
    )


def undefined(names: Names, record: FindingRecord) -> Finding:
    """Integer arithmetic without a meaning."""
    acts, reason, remedy = _UNDEFINED[Undefined(record.detail)]
    worker = names.agent(record.agent)
    return Finding(
        kind=FindingKind.UNDEFINED_RESULT,
        what=f"{worker} {acts.format(number=record.count)}",
        at=names.line(record.agent, record.site),
        because=reason,
        fix=remedy,
        objects=(worker,),
    )


def read_past_buffer(names: Names, record: FindingRecord) -> Finding:
    """A kernel whose results change with what lies round one of its arguments."""
    plan = names.machine.plan
    kernel, buffer = plan.kernels[record.detail], plan.buffers[record.object]
    results = (
        f"{record.count} bytes of its results change" if record.count else "its result changes"
    )
    return Finding(
        kind=FindingKind.READ_PAST_BUFFER,
        what=f"kernel {kernel.symbol!r}, called by {names.agent(record.agent)}, reads outside "
        f"{names.memory(record.object)}",
        at=names.line(record.agent, record.site),
        because=f"{results} with what lies round the buffer, which has {buffer.byte_count} bytes",
        fix="compare the kernel's sizes with the buffers it is given",
        objects=(kernel.symbol, *names.objects(record.object)),
        also_at=tuple(line for line in (kernel.at, buffer.at) if line is not None),
    )
