"""Tell each core which object files its kernels come from."""

from dataclasses import dataclass
from typing import ClassVar

from xdsl.dialects.builtin import ArrayAttr, StringAttr
from xdsl.dialects.func import CallOp, FuncOp

from ironbird.base.device import DeviceModel
from ironbird.ir.aie import CoreOp, DeviceOp
from ironbird.passes.module_pass import ModulePass


@dataclass(frozen=True)
class AssignCoreLinkFiles(ModulePass):
    """Collect the `link_with` of the functions a core calls into its `link_files`.

    Before:  functions may say `link_with`, and `link_with_mode = "merge"` beside it.
    After:   a core's `link_files`, or `link_merge_files` for merged ones, name each file once, in
             the order of the calls. Functions keep what they said.
    Refuses: nothing.
    """

    name: ClassVar[str] = "assign-core-link-files"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        functions = {op.sym_name.data: op for op in device.body.block.ops if isinstance(op, FuncOp)}
        for core in device.body.block.ops:
            if not isinstance(core, CoreOp):
                continue
            called = [
                functions[op.callee.root_reference.data]
                for op in core.walk()
                if isinstance(op, CallOp) and op.callee.root_reference.data in functions
            ]
            for key, merged in (("link_files", False), ("link_merge_files", True)):
                files = _files(called, merged)
                if files:
                    core.properties[key] = ArrayAttr(StringAttr(file) for file in files)


def _files(functions: list[FuncOp], merged: bool) -> list[str]:
    found: dict[str, None] = {}
    for function in functions:
        file = function.attributes.get("link_with")
        mode = function.attributes.get("link_with_mode")
        is_merged = isinstance(mode, StringAttr) and mode.data == "merge"
        if isinstance(file, StringAttr) and is_merged is merged:
            found[file.data] = None
    return list(found)
