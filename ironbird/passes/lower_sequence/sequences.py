"""Walking and editing the runtime sequences of a device."""

from collections.abc import Iterator
from typing import TypeVar

from xdsl.ir import Operation
from xdsl.rewriter import InsertPoint, Rewriter

from ironbird.ir.aie import DeviceOp, RuntimeSequenceOp

OperationT = TypeVar("OperationT", bound=Operation)


def sequences(device: DeviceOp) -> list[RuntimeSequenceOp]:
    """The runtime sequences of `device`, in program order."""
    return [op for op in device.body.block.ops if isinstance(op, RuntimeSequenceOp)]


def sequence_ops(device: DeviceOp, kind: type[OperationT]) -> Iterator[OperationT]:
    """Every operation of `kind` in any runtime sequence."""
    for sequence in sequences(device):
        for op in sequence.walk():
            if isinstance(op, kind):
                yield op


def replace_op(old: Operation, *new: Operation) -> None:
    """Put `new` where `old` stands; the last one's results take the place of `old`'s."""
    Rewriter.replace_op(old, list(new), list(new[-1].results) if old.results else None)


def insert_before(old: Operation, *new: Operation) -> None:
    """Put `new` in front of `old`."""
    Rewriter.insert_op(list(new), InsertPoint.before(old))


def insert_after(old: Operation, *new: Operation) -> None:
    """Put `new` behind `old`."""
    Rewriter.insert_op(list(new), InsertPoint.after(old))


def erase(op: Operation) -> None:
    """Take `op`, whose results nobody uses, out of its block."""
    Rewriter.erase_op(op)
