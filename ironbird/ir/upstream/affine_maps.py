"""Affine maps as MLIR prints them, and the aliases it gives them at the top of a module."""

from collections.abc import Callable, Mapping
from typing import Any

from xdsl.dialects import affine
from xdsl.dialects.builtin import AffineMapAttr
from xdsl.ir import Operation
from xdsl.ir.affine import (
    AffineBinaryOpExpr,
    AffineBinaryOpKind,
    AffineConstantExpr,
    AffineExpr,
    AffineMap,
)
from xdsl.parser import Parser
from xdsl.printer import Printer

from ironbird.ir.assembly import print_remaining


def map_aliases(root: Operation, *, generic: bool = False) -> dict[AffineMapAttr, str]:
    """`#map`, `#map1` ... for the maps that the operations inside `root` print by name.

    generic: in the generic form these are all maps, and those of inner operations come first.
    """
    aliases: dict[AffineMapAttr, str] = {}
    for op in root.walk(region_first=generic):
        if not (generic or isinstance(op, affine.ApplyOp | affine.MinOp)):
            continue
        for _, attribute in sorted(op.properties.items()):
            if isinstance(attribute, AffineMapAttr) and attribute not in aliases:
                aliases[attribute] = f"#map{len(aliases) or ''}"
    return aliases


def alias_definitions(aliases: Mapping[AffineMapAttr, str]) -> str:
    """The lines in front of the module that say what the aliases stand for."""
    return "".join(f"{alias} = {map_text(map_.data)}\n" for map_, alias in aliases.items())


def map_text(affine_map: AffineMap) -> str:
    """`affine_map<(d0)[s0] -> (d0 * 2 + s0)>`."""
    dimensions = ", ".join(f"d{number}" for number in range(affine_map.num_dims))
    symbols = ", ".join(f"s{number}" for number in range(affine_map.num_symbols))
    results = ", ".join(_expression(result) for result in affine_map.results)
    inputs = f"({dimensions})" + (f"[{symbols}]" if symbols else "")
    return f"affine_map<{inputs} -> ({results})>"


def _expression(expression: AffineExpr, *, inside_product: bool = False) -> str:
    """MLIR's text: parentheses only round what stands inside a product."""
    if not isinstance(expression, AffineBinaryOpExpr):
        return str(expression)
    if expression.kind is not AffineBinaryOpKind.Add:
        text = _product(expression)
    else:
        text = _sum(expression)
    return f"({text})" if inside_product else text


def _product(expression: AffineBinaryOpExpr) -> str:
    left = _expression(expression.lhs, inside_product=True)
    if expression.kind is AffineBinaryOpKind.Mul and expression.rhs == AffineConstantExpr(-1):
        return f"-{left}"
    right = _expression(expression.rhs, inside_product=True)
    return f"{left} {expression.kind.get_token()} {right}"


def _sum(expression: AffineBinaryOpExpr) -> str:
    left, right = _expression(expression.lhs), expression.rhs
    if isinstance(right, AffineConstantExpr) and right.value < 0:
        return f"{left} - {-right.value}"
    if isinstance(right, AffineBinaryOpExpr) and right.kind is AffineBinaryOpKind.Mul:
        factor = right.rhs
        if factor == AffineConstantExpr(-1):
            return f"{left} - {_expression(right.lhs, inside_product=_is_sum(right.lhs))}"
        if isinstance(factor, AffineConstantExpr) and factor.value < -1:
            return f"{left} - {_expression(right.lhs, inside_product=True)} * {-factor.value}"
    return f"{left} + {_expression(right)}"


def _is_sum(expression: AffineExpr) -> bool:
    return isinstance(expression, AffineBinaryOpExpr) and expression.kind is AffineBinaryOpKind.Add


def _print_apply(printer: Printer, op: affine.ApplyOp | affine.MinOp) -> None:
    printer.print_string(" ")
    printer.print_attribute(op.map)
    dimensions = op.map.data.num_dims
    with printer.in_parens():
        printer.print_list(op.operands[:dimensions], printer.print_ssa_value)
    if op.map.data.num_symbols:
        with printer.in_square_brackets():
            printer.print_list(op.operands[dimensions:], printer.print_ssa_value)
    print_remaining(printer, op, ("map",))


def _parse_access(cls: type[affine.LoadOp] | type[affine.StoreOp], parser: Parser) -> Operation:
    """xDSL reads the values of an access as symbols of its map, MLIR as dimensions."""
    op = cls.parse(parser)
    affine_map = op.map.data
    if affine_map.num_dims == 0 and affine_map.num_symbols:
        dimensions = [AffineExpr.dimension(each) for each in range(affine_map.num_symbols)]
        op.properties["map"] = AffineMapAttr(
            affine_map.replace_dims_and_symbols((), dimensions, len(dimensions), 0)
        )
    return op


PARSERS: dict[str, Callable[[Parser], Operation]] = {
    "affine.load": lambda parser: _parse_access(affine.LoadOp, parser),
    "affine.store": lambda parser: _parse_access(affine.StoreOp, parser),
}
PRINTERS: dict[type[Operation], Callable[[Any, Any], None]] = {
    affine.ApplyOp: _print_apply,
    affine.MinOp: _print_apply,
}
