"""Which object file a kernel comes from: its declaration says so, or the cores that call it do."""

from collections.abc import Iterable

from xdsl.dialects.builtin import ArrayAttr, StringAttr
from xdsl.dialects.func import CallOp, FuncOp
from xdsl.ir import Operation

from ironbird.ir.aie import CoreOp, DeviceOp


def object_files(func: FuncOp, device: DeviceOp) -> tuple[str | None, ...]:
    """Every object file that the kernel `func` is taken from, in the order of the cores.

    Older modules name it on the core; then cores may take one symbol from different files.
    """
    named = func.attributes.get("link_with", func.properties.get("link_with"))
    if isinstance(named, StringAttr):
        return (named.data,)
    callers = [
        core
        for core in device.body.block.ops
        if isinstance(core, CoreOp) and func.sym_name.data in called_symbols([core], device)
    ]
    files = dict.fromkeys(object_file_of_core(core) for core in callers)
    return tuple(file for file in files if file is not None) or (None,)


def object_file_of_core(core: CoreOp) -> str | None:
    """The one object file that `core` is linked with; None if it names none, or several."""
    if core.link_with is not None:
        return core.link_with.data
    files = core.properties.get("link_files")
    if isinstance(files, ArrayAttr) and len(files) == 1:
        (file,) = files
        return file.data if isinstance(file, StringAttr) else None
    return None


def called_symbols(callers: Iterable[Operation], device: DeviceOp) -> set[str]:
    """The functions that the cores among `callers` call, directly or through another."""
    bodies = {op.sym_name.data: op for op in device.body.block.ops if isinstance(op, FuncOp)}
    called: set[str] = set()
    waiting: list[Operation] = [op for op in callers if isinstance(op, CoreOp)]
    while waiting:
        for call in waiting.pop().walk():
            if isinstance(call, CallOp) and call.callee.root_reference.data not in called:
                called.add(call.callee.root_reference.data)
                callee = bodies.get(call.callee.root_reference.data)
                waiting += [callee] if callee is not None else []
    return called
