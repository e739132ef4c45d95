"""Operations to MLIR's generic form, which any version of any tool reads that knows the names.

`"aie.tile"() <{col = 0 : i32, row = 2 : i32}> : () -> index`: operands, successors, properties with
their defaults, regions, other attributes, types.
"""

from collections.abc import Mapping
from io import StringIO

from xdsl.dialects.builtin import AffineMapAttr, ModuleOp
from xdsl.ir import Operation, Region

from ironbird.ir.assembly import print_dictionary
from ironbird.ir.printer import MlirPrinter
from ironbird.ir.upstream.affine_maps import alias_definitions, map_aliases
from ironbird.ir.upstream.generic_forms import written_out
from ironbird.ir.value_names import value_names


def print_generic(module: ModuleOp) -> str:
    """The text of a module; it ends with the empty line that `aie-opt` ends with."""
    aliases = map_aliases(module, generic=True)
    stream = StringIO()
    GenericPrinter(stream, module, aliases).print_op(module)
    return alias_definitions(aliases) + stream.getvalue() + "\n\n"


class GenericPrinter(MlirPrinter):
    """MLIR's spelling of attributes, types and blocks, round operations all of one form."""

    def __init__(
        self, stream: StringIO, root: Operation, aliases: Mapping[AffineMapAttr, str]
    ) -> None:
        super().__init__(stream, root, aliases)
        self._names = value_names(root, generic=True)

    def print_op(self, op: Operation) -> None:
        if op.results:
            self._write(self._result_names(op) + " = ")
        self._write(f'"{op.name}"')
        self.print_operands(op.operands)
        if op.successors:
            with self.in_square_brackets():
                self.print_list(op.successors, self.print_block_name)
        properties, attributes = written_out(op)
        if properties:
            self._write(" <")
            print_dictionary(self, properties)
            self._write(">")
        if op.regions:
            self._write(" (")
            self.print_list(op.regions, self._print_whole_region)
            self._write(")")
        if attributes:
            self._write(" ")
            print_dictionary(self, attributes)
        self._write(" : ")
        self.print_operation_type(op)

    def _print_whole_region(self, region: Region) -> None:
        self.print_region(region, print_empty_block=False)
