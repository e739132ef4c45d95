"""The constants of a core: one of each, at the top of its program."""

from xdsl.dialects import arith
from xdsl.dialects.builtin import IndexType, IntegerAttr, IntegerType, i32
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.rewriter import Rewriter

from ironbird.ir.aie import CoreOp


class CoreConstants:
    """Hoists the constants of a core and hands out further ones."""

    def __init__(self, core: CoreOp) -> None:
        entry = core.body.first_block
        assert entry is not None
        self.entry = entry
        self.made: dict[Attribute, arith.ConstantOp] = {}
        self.last: Operation | None = None
        for op in list(core.walk()):
            if isinstance(op, arith.ConstantOp):
                self._hoist(op)

    def i32(self, number: int) -> SSAValue:
        """The 32-bit integer `number`."""
        return self._value(number, i32)

    def _value(self, number: int, type_: IntegerType | IndexType) -> SSAValue:
        wanted = IntegerAttr(number, type_)
        if wanted not in self.made:
            self._place(arith.ConstantOp(wanted))
        return self.made[wanted].result

    def _hoist(self, constant: arith.ConstantOp) -> None:
        known = self.made.get(constant.value)
        if known is not None:
            constant.result.replace_all_uses_with(known.result)
            Rewriter.erase_op(constant)
            return
        block = constant.parent_block()
        assert block is not None
        block.detach_op(constant)
        self._place(constant)

    def _place(self, constant: arith.ConstantOp) -> None:
        if self.last is not None:
            self.entry.insert_op_after(constant, self.last)
        elif self.entry.first_op is not None:
            self.entry.insert_op_before(constant, self.entry.first_op)
        else:
            self.entry.add_op(constant)
        self.last = constant
        self.made[constant.value] = constant
