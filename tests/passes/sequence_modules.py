"""Small modules round a runtime sequence, for the tests of the passes that lower one."""

from xdsl.dialects.builtin import ModuleOp

from ironbird.ir import parse_module, print_module
from ironbird.ir.aie import DeviceOp, RuntimeSequenceOp
from ironbird.passes.pipeline import lower

# Objects of 64 words go up into a memory tile and down again.
FORWARD = """module {{
  aie.device(npu1) {{
    %shim = aie.tile(0, 0)
    %mem = aie.tile(0, 1)
    aie.objectfifo @up(%shim, {{%mem}}, 2 : i32) : !aie.objectfifo<memref<64xi32>>
    aie.objectfifo @down(%mem, {{%shim}}, 2 : i32) : !aie.objectfifo<memref<64xi32>>
    aie.objectfifo.link [@up] -> [@down]([] [])
    aie.runtime_sequence(%a: memref<65536xi32>, %b: memref<65536xi32>) {{
{sequence}
    }}
  }}
}}
"""


def forward(sequence: str) -> ModuleOp:
    """The module whose sequence is `sequence`, read from `forward.mlir`; it starts in line 9."""
    return parse_module(FORWARD.format(sequence=sequence.rstrip("\n")), "forward.mlir")


def task(name: str, fifo: str, bd: str, attributes: str = "") -> str:
    """A task on `fifo` with one descriptor, in four lines."""
    return (
        f"%{name} = aiex.dma_configure_task_for @{fifo} {{\n"
        f"aie.dma_bd({bd})\naie.end\n}}{attributes and ' ' + attributes}\n"
    )


def lowered_sequence(module: ModuleOp, stop_after: str = "bound-task-queues") -> list[str]:
    """The lines of the runtime sequence after a pass, without indentation and braces of its own."""
    lowered = lower(module, stop_after)
    (device,) = [op for op in lowered.body.block.ops if isinstance(op, DeviceOp)]
    (sequence,) = [op for op in device.body.block.ops if isinstance(op, RuntimeSequenceOp)]
    names = {each.name_hint for each in sequence.body.block.args}
    assert names
    text = print_module(lowered)
    lines = [line.strip() for line in text.splitlines()]
    first = next(n for n, line in enumerate(lines) if line.startswith("aie.runtime_sequence"))
    depth, taken = 1, []
    for line in lines[first + 1 :]:
        depth += line.count("{") - line.count("}")
        if depth == 0:
            return taken
        taken.append(line)
    raise AssertionError(text)
