"""Which line of the author's program an operation stands for, kept in xDSL's location attributes.

A location is `FileLineColLoc`, or a `NameLoc` round one when the operation was made by lowering a
named object. Locations are never printed and do not count when operations are compared.
"""

from functools import lru_cache

from xdsl.dialects.builtin import (
    UNKNOWN_LOC,
    ArrayAttr,
    CallSiteLoc,
    FileLineColLoc,
    FusedLoc,
    IntAttr,
    LocationAttr,
    NameLoc,
    StringAttr,
)
from xdsl.ir import Attribute, Operation

from ironbird.base.source_line import SourceLine


@lru_cache(maxsize=4096)
def location_of(line: SourceLine | None) -> LocationAttr:
    """The location attribute of a line; the unknown location for None."""
    if line is None:
        return UNKNOWN_LOC
    return FileLineColLoc(StringAttr(line.file), IntAttr(line.line), IntAttr(line.column))


def named_location(name: str, line: SourceLine | None) -> LocationAttr:
    """The location of what the object `name`, written at `line`, was lowered to."""
    return NameLoc(StringAttr(name), location_of(line))


def source_line_of(op: Operation) -> SourceLine | None:
    """The line of `op`, or of the nearest operation round it that has one."""
    owner: Operation | None = op
    while owner is not None:
        line = _line_in(owner.location)
        if line is not None:
            return line
        owner = owner.parent_op()
    return None


def name_of_location(op: Operation) -> str | None:
    """The name in the location of `op`, such as `"in0"` or `"in0:free"`; None where it has none."""
    return op.location.desc.data if isinstance(op.location, NameLoc) else None


def _line_in(location: Attribute) -> SourceLine | None:
    match location:
        case FileLineColLoc():
            return SourceLine(location.filename.data, location.line.data, location.column.data)
        case NameLoc():
            return _line_in(location.location)
        case CallSiteLoc():
            return _line_in(location.callee) or _line_in(location.caller)
        case FusedLoc(locations=ArrayAttr(data=parts)):
            lines = (_line_in(part) for part in parts)
            return next((line for line in lines if line is not None), None)
    return None
