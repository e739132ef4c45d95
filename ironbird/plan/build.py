"""A lowered, routed module as a `PhysicalPlan`.

Before: what the pipeline of passes leaves: placed tiles, addresses, ids, switchboxes, a sequence of
tasks. Refuses what is missing, and operations that no part of the plan stands for. No xDSL object
is left in the result.
"""

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from ironbird.base.errors import DesignError
from ironbird.ir.aie import CoreOp, DeviceOp, RuntimeSequenceOp, tile_of
from ironbird.ir.integers import number_of
from ironbird.ir.locations import name_of_location, source_line_of
from ironbird.plan.build_cascades import build_cascades
from ironbird.plan.build_core_program import ProgramBuilder, build_core_program
from ironbird.plan.build_descriptors import DescriptorTable
from ironbird.plan.build_dma import DMA_OPERATIONS, build_channels
from ironbird.plan.build_routes import build_routes
from ironbird.plan.build_sequence import build_sequence
from ironbird.plan.build_types import value_type
from ironbird.plan.core_program import Function
from ironbird.plan.own_memory import OwnMemory
from ironbird.plan.placed_parts import PlacedParts
from ironbird.plan.plan import Core, Kernel, PhysicalPlan, Sequence
from ironbird.plan.trace_writes import TraceWrites

# They configure nothing that a plan has to know, or what they say is said by others:
# tiles and wires are read where they are used; allocations name channels for the sequence.
_READ_ELSEWHERE = frozenset(
    {
        *("aie.tile", "aie.buffer", "aie.lock", "func.func", "aie.end", "aie.wire"),
        *("aie.switchbox", "aie.shim_mux", "aie.packet_flow", "aie.flow", "aie.configure_cascade"),
        *("aie.shim_dma_allocation", "aie.external_buffer", "memref.global", "arith.constant"),
        *("aie.core", "aie.runtime_sequence", "aie.objectfifo_rearm_binding", *DMA_OPERATIONS),
        *("aie.bd_chain", "aie.trace.config"),
    }
)


def build_plan(
    module: ModuleOp, sequence: str | None = None, *, entry: str | None = None
) -> PhysicalPlan:
    """The plan of the device `entry` of `module`, run by its sequence called `sequence`.

    entry:    None takes the only one.
    sequence: None takes the only one; a device without a sequence has an empty one.
    """
    device = _chosen_device(module, entry)
    for op in device.body.block.ops:
        if op.name not in _READ_ELSEWHERE:
            raise DesignError(f"{op.name} is not lowered", at=source_line_of(op))
    parts = PlacedParts.of(device)
    table = DescriptorTable(parts)
    channels = tuple(
        channel
        for op in device.body.block.ops
        if op.name in DMA_OPERATIONS
        for channel in build_channels(op, table)
    )
    routes = build_routes(device)
    traces = TraceWrites(device.model, routes)
    chosen = _chosen_sequence(device, sequence)
    if chosen is not None:
        run = build_sequence(chosen, table, device.model, channels, traces)
    else:
        run = Sequence(name="sequence", arguments=(), steps=())
    # Before the buffers are listed: a core may make some of its own.
    cores = tuple(
        _core(op, parts, device) for op in device.body.block.ops if isinstance(op, CoreOp)
    )
    return PhysicalPlan(
        device=device.device_name,
        buffers=tuple(parts.buffers),
        locks=tuple(parts.locks),
        kernels=tuple(_kernel(func, object_file) for func, object_file in parts.kernels),
        functions=tuple(_function(func, parts) for func in parts.defined.values()),
        cores=cores,
        descriptors=tuple(table.descriptors),
        channels=channels,
        routes=routes,
        cascades=build_cascades(device),
        sequence=run,
        traces=traces.traces(),
    )


def _chosen_device(module: ModuleOp, name: str | None) -> DeviceOp:
    devices = [op for op in module.body.block.ops if isinstance(op, DeviceOp)]
    if name is None and len(devices) == 1:
        return devices[0]
    for device in devices:
        if device.sym_name.data == name:
            return device
    names = ", ".join(f"@{device.sym_name.data}" for device in devices)
    if name is not None:
        raise DesignError(f"the module has no device @{name}", because=f"it has {names or 'none'}")
    raise DesignError(
        f"the module has {len(devices) or 'no'} devices; a plan is made of one",
        at=source_line_of(devices[1] if devices else module),
        because=f"they are {names}" if devices else "there is no aie.device in it",
        fix=f"--entry {devices[0].sym_name.data}, or another of them" if devices else None,
    )


def _chosen_sequence(device: DeviceOp, name: str | None) -> RuntimeSequenceOp | None:
    every = [op for op in device.body.block.ops if isinstance(op, RuntimeSequenceOp)]
    if name is None and len(every) <= 1:
        return every[0] if every else None
    for op in every:
        if op.sym_name.data == name:
            return op
    names = ", ".join(f"@{op.sym_name.data}" for op in every)
    if name is not None:
        raise DesignError(
            f"there is no runtime sequence @{name}", because=f"the device has {names or 'none'}"
        )
    raise DesignError(
        f"device @{device.sym_name.data} has {len(every)} runtime sequences; one is run",
        at=source_line_of(every[1]),
        because=f"they are {names}",
        fix=f"--sequence {every[0].sym_name.data}, or another of them",
    )


def _core(op: CoreOp, parts: PlacedParts, device: DeviceOp) -> Core:
    tile = tile_of(op.tile)
    if tile is None:
        raise DesignError("a core stands on a tile without a place", at=source_line_of(op))
    if op.elf_file is not None:
        raise DesignError(
            f"the core on tile {tile} runs {op.elf_file.data!r}",
            at=source_line_of(op),
            because="an ELF file holds a program for the device, not one for the simulator",
            fix="the program as the body of the core",
        )
    stack = op.stack_size
    stack_bytes = number_of(stack) if stack is not None else device.model.default_stack_bytes
    return Core(
        tile=tile,
        program=build_core_program(op, parts, OwnMemory(parts, tile, stack_bytes)),
        stack_bytes=stack_bytes,
        name=name_of_location(op),
        at=source_line_of(op),
    )


def _kernel(func: FuncOp, object_file: str | None) -> Kernel:
    at = source_line_of(func)
    return Kernel(
        symbol=func.sym_name.data,
        argument_types=tuple(value_type(type_, at) for type_ in func.function_type.inputs),
        result_types=tuple(value_type(type_, at) for type_ in func.function_type.outputs),
        object_file=object_file,
        at=at,
    )


def _function(func: FuncOp, parts: PlacedParts) -> Function:
    at = source_line_of(func)
    builder = ProgramBuilder(parts, core=None, own=None)
    region = builder.region(func.body)
    return Function(
        name=func.sym_name.data,
        body=builder.with_outer_values(region),
        value_types=tuple(builder.value_types),
        result_types=tuple(value_type(type_, at) for type_ in func.function_type.outputs),
        at=at,
    )
