"""Operations to text, character for character as `aie-opt` prints them."""

from collections.abc import Mapping
from io import StringIO

from xdsl.dialects.builtin import AffineMapAttr, AnyFloat, ArrayAttr, IntegerAttr, ModuleOp, i64
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.printer import Printer
from xdsl.traits import IsTerminator

from ironbird.ir.assembly import print_dictionary
from ironbird.ir.floats import float_text
from ironbird.ir.upstream.affine_maps import alias_definitions, map_aliases, map_text
from ironbird.ir.upstream.dialects import PRINTERS
from ironbird.ir.value_names import value_names


def print_module(module: ModuleOp) -> str:
    """The text of a module; it ends with the empty line that `aie-opt` ends with."""
    aliases = map_aliases(module)
    stream = StringIO()
    MlirPrinter(stream, module, aliases).print_op(module)
    return alias_definitions(aliases) + stream.getvalue() + "\n\n"


def print_operation(op: Operation) -> str:
    """The text of one operation and of what it holds, without a line end."""
    stream = StringIO()
    MlirPrinter(stream, op).print_op(op)
    return stream.getvalue()


class MlirPrinter(Printer):
    """xDSL's printer, with MLIR's names for values and its spelling where the two differ."""

    def __init__(
        self,
        stream: StringIO,
        root: Operation,
        aliases: Mapping[AffineMapAttr, str] | None = None,
    ) -> None:
        super().__init__(stream)
        self._aliases = aliases or {}
        self._names = value_names(root)
        self._in_function = False
        self._write = stream.write

    def print_string(self, text: str, *, indent: int | None = None) -> None:
        self._write(text if "\n" not in text else text.replace("\n", "\n" + "  " * self._indent))

    def _print_new_line(self, indent: int | None = None, print_message: bool = True) -> None:
        self._write("\n" + "  " * self._indent)

    def print_ssa_value(self, value: SSAValue) -> str:
        name = self._names.get(value)
        if name is None:
            # A value that is defined outside of what is printed.
            name = self._names[value] = f"<<{value.name_hint or 'unknown'}>>"
        self._write("%" + name)
        return name

    def print_float(self, value: float, type: AnyFloat) -> None:
        self._write(float_text(value, type))

    def print_attribute(self, attribute: Attribute) -> None:
        if isinstance(attribute, AffineMapAttr):
            self._write(self._aliases.get(attribute) or map_text(attribute.data))
            return
        if not isinstance(attribute, ArrayAttr):
            super().print_attribute(attribute)
            return
        self._write("[")
        for position, element in enumerate(attribute.data):
            if position:
                self._write(", ")
            # MLIR leaves out the type of an i64 inside an array, and nowhere else.
            if isinstance(element, IntegerAttr) and element.type == i64:
                self._write(str(element.value.data))
            else:
                self.print_attribute(element)
        self._write("]")

    def print_attr_dict(self, attr_dict: "dict[str, Attribute]") -> None:  # type: ignore[override]
        print_dictionary(self, attr_dict)

    def print_op(self, op: Operation) -> None:
        if op.results:
            self._write(self._result_names(op) + " = ")
        custom = PRINTERS.get(type(op))
        if custom is None and type(op).print is Operation.print:
            self._write(f'"{op.name}"')
            self.print_op_with_default_format(op)
            return
        self._write(self._shown_name(op))
        enclosing, self._in_function = self._in_function, isinstance(op, FuncOp)
        if custom is not None:
            custom(self, op)
        else:
            op.print(self)
        self._in_function = enclosing

    def _result_names(self, op: Operation) -> str:
        names = [self._names[result] for result in op.results]
        group, numbered, _ = names[0].partition("#")
        return f"%{group}:{len(names)}" if numbered else ", ".join(f"%{name}" for name in names)

    def _shown_name(self, op: Operation) -> str:
        if isinstance(op, ModuleOp):
            return "module"
        if self._in_function and op.name.startswith("func."):
            return op.name.removeprefix("func.")
        return op.name

    def print_region(
        self,
        region: Region,
        print_entry_block_args: bool = True,
        print_empty_block: bool = True,
        print_block_terminators: bool = True,
    ) -> None:
        for position, block in enumerate(region.blocks):
            self._blocks[block] = f"bb{position}"
        self._write("{")
        entry = region.blocks.first
        for block in region.blocks:
            header = block is not entry or (
                (print_entry_block_args and bool(block.args))
                or (print_empty_block and block.first_op is None)
            )
            self.print_block(block, header, print_block_terminators)
        self._print_new_line()
        self._write("}")

    def print_block(
        self,
        block: Block,
        print_block_args: bool = True,
        print_block_terminator: bool = True,
    ) -> None:
        if print_block_args:
            self._print_new_line()
            self._write("^" + self._blocks[block])
            if block.args:
                self._write("(")
                self.print_list(block.args, self.print_block_argument)
                self._write(")")
            self._write(":" + self._predecessors(block))
        self._indent += 1
        for op in block.ops:
            hidden = not print_block_terminator and op.next_op is None
            if hidden and op.has_trait(IsTerminator):
                continue
            self._print_new_line()
            self.print_op(op)
        self._indent -= 1

    def _predecessors(self, block: Block) -> str:
        """MLIR's remark about which blocks lead here, one for each edge."""
        region = block.parent
        assert region is not None
        names = [
            f"^{self._blocks[other]}"
            for other in region.blocks
            for successor in (other.last_op.successors if other.last_op is not None else ())
            if successor is block
        ]
        if not names:
            return "" if block is region.blocks.first else "  // no predecessors"
        if len(names) == 1:
            return f"  // pred: {names[0]}"
        return f"  // {len(names)} preds: {', '.join(names)}"
