"""A module whose entry sequence configures the device several times, as one module for each.

Before:  `aiex.configure @dev { aiex.run @sequence(...) }`, or `aiex.npu.load_pdi` naming a device,
         in the sequence of an entry device.
After:   for each configuration in turn a module of that device alone, with one sequence: the bodies
         of the sequences that were run, on the arguments of the entry sequence. What a load leaves
         behind on the array is nothing: memory, locks and cores start anew (assumed: a PDI holds
         the whole device). DDR keeps what it has.
Refuses: work on the array before the first configuration is loaded over, behind an
         `aiex.configure`, in a PDI that is no device of the module; control packets as the way of
         loading; arguments that are not the entry's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.ir import Block, BlockArgument, Operation, SSAValue
from xdsl.rewriter import Rewriter

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import DeviceOp, RuntimeSequenceOp
from ironbird.ir.aiex import ConfigureOp, NpuLoadPdiOp, RunOp
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of

# The name of the entry device, on modules of several configurations (`Program.compose`).
ENTRY_ATTRIBUTE = "iron.entry"
_CONTROL_PACKETS = 2


def split_configurations(
    module: ModuleOp, *, sequence: str | None = None, entry: str | None = None
) -> list[ModuleOp] | None:
    """The modules to run in turn; None if the module's sequence configures no device.

    sequence, entry: names, where there are several.
    """
    devices = {op.sym_name.data: op for op in module.body.block.ops if isinstance(op, DeviceOp)}
    device = _entry_device(module, devices, entry)
    if device is None:
        return None
    chosen = _sequence_of(device, sequence)
    if chosen is None or not any(map(_configures, chosen.walk())):
        return None
    stages = _stages(chosen, device.sym_name.data, devices)
    return [_module_of(stage, devices[stage.device], devices, chosen) for stage in stages]


@dataclass
class _Stage:
    """One configuration, and the operations of the entry sequence that it runs."""

    device: str
    at: SourceLine | None
    operations: list[Operation] = field(default_factory=list)


def _entry_device(
    module: ModuleOp, devices: dict[str, DeviceOp], entry: str | None
) -> DeviceOp | None:
    """The device named; or the one the module names; or the only one whose sequences configure."""
    if entry is not None:
        return devices.get(entry)
    named = module.attributes.get(ENTRY_ATTRIBUTE)
    if isinstance(named, StringAttr) and named.data in devices:
        return devices[named.data]
    configuring = [each for each in devices.values() if any(map(_configures, each.walk()))]
    return configuring[0] if len(configuring) == 1 else None


def _sequence_of(device: DeviceOp, name: str | None) -> RuntimeSequenceOp | None:
    every = [op for op in device.body.block.ops if isinstance(op, RuntimeSequenceOp)]
    if name is None:
        if len(every) > 1 and any(map(_configures, device.walk())):
            names = ", ".join(f"@{op.sym_name.data}" for op in every)
            raise DesignError(
                f"device @{device.sym_name.data} has {len(every)} runtime sequences; one is run",
                at=source_line_of(every[1]),
                because=f"they are {names}",
                fix=f"--sequence {every[0].sym_name.data}, or another of them",
            )
        return every[0] if len(every) == 1 else None
    return next((op for op in every if op.sym_name.data == name), None)


def _configures(op: Operation) -> bool:
    return isinstance(op, ConfigureOp | NpuLoadPdiOp)


def _stages(sequence: RuntimeSequenceOp, entry: str, devices: dict[str, DeviceOp]) -> list[_Stage]:
    stages = [_Stage(entry, source_line_of(sequence))]
    closed: ConfigureOp | None = None
    for op in sequence.body.block.ops:
        if isinstance(op, ConfigureOp):
            _refuse_control_packets(op)
            stages.append(_Stage(op.symbol.root_reference.data, source_line_of(op)))
            stages[-1].operations += op.body.block.ops
            closed = op
        elif isinstance(op, NpuLoadPdiOp):
            stages.append(_Stage(_loaded(op, devices), source_line_of(op)))
            closed = None
        elif closed is not None and not _is_harmless(op):
            raise DesignError(
                f"{op.name} behind the configuration of "
                f"@{closed.symbol.root_reference.data}, outside of it",
                at=source_line_of(op),
                because="which device the array is configured as there is not said",
                fix="inside an aiex.configure",
            )
        else:
            stages[-1].operations.append(op)
    working = [stage for stage in stages if not all(map(_is_harmless, stage.operations))]
    return working or stages[-1:]


def _is_harmless(op: Operation) -> bool:
    """Numbers and views; they reach the array only through operations that use them."""
    return op.name.partition(".")[0] in ("arith", "memref")


def _refuse_control_packets(op: ConfigureOp) -> None:
    if op.expand_mode is not None and number_of(op.expand_mode) == _CONTROL_PACKETS:
        raise DesignError(
            f"@{op.symbol.root_reference.data} is to be configured by control packets",
            at=source_line_of(op),
            because="the simulator loads a configuration whole; it has no control packet overlay",
            fix="no expand_mode, or expand_mode = 1",
        )


def _loaded(op: NpuLoadPdiOp, devices: dict[str, DeviceOp]) -> str:
    name = op.device_ref.root_reference.data if op.device_ref is not None else None
    if name in devices:
        assert name is not None
        return name
    raise DesignError(
        "aiex.npu.load_pdi loads "
        + (f"@{name}, which is no device of the module" if name else "a PDI that is not here"),
        at=source_line_of(op),
        because="the simulator can only load devices of the module, not files for the chip",
        fix="device_ref = @NAME",
    )


def _module_of(
    stage: _Stage, device: DeviceOp, devices: dict[str, DeviceOp], entry: RuntimeSequenceOp
) -> ModuleOp:
    """The device alone, with what the stage runs as its only sequence."""
    values: dict[SSAValue, SSAValue] = {}
    alone = device.clone(value_mapper=values)
    for original, copy in zip(device.walk(), alone.walk(), strict=True):
        copy.location = original.location
    callees = {
        op.sym_name.data: op for op in alone.body.block.ops if isinstance(op, RuntimeSequenceOp)
    }
    made = RuntimeSequenceOp(list(entry.body.block.arg_types), entry.sym_name.data)
    made.location = entry.location
    for old, new in zip(entry.body.block.args, made.body.block.args, strict=True):
        new.name_hint = old.name_hint
    values.update(zip(entry.body.block.args, made.body.block.args, strict=True))
    operations = _with_needed(stage.operations, entry, values)
    _inline(operations, made.body.block, values, callees, device)
    for op in callees.values():
        Rewriter.erase_op(op)
    end = alone.body.block.last_op
    if end is not None and end.name == "aie.end":
        alone.body.block.insert_op_before(made, end)
    else:
        alone.body.block.add_op(made)
    module = ModuleOp([alone])
    module.location = device.location
    return module


def _with_needed(
    operations: list[Operation], entry: RuntimeSequenceOp, known: dict[SSAValue, SSAValue]
) -> list[Operation]:
    """`operations`, behind the numbers of the entry sequence that they use.

    known: the values of the device that is loaded. Refuses those of another device.
    """
    needed: dict[Operation, None] = {}
    inside = dict.fromkeys(inner for op in operations for inner in op.walk())

    def require(value: SSAValue, user: Operation) -> None:
        owner = value.owner
        if isinstance(owner, Operation) and owner not in inside and owner not in needed:
            if not entry.is_ancestor(owner):
                if value in known:
                    return
                raise DesignError(
                    f"{user.name} uses {owner.name} of another device",
                    at=source_line_of(user),
                    because="the array holds what is loaded, and nothing of the other device",
                    fix="a sequence of the loaded device, and aiex.run",
                )
            for operand in owner.operands:
                require(operand, owner)
            needed[owner] = None

    for op in inside:
        for operand in op.operands:
            require(operand, op)
    return [*needed, *operations]


def _inline(
    operations: Iterable[Operation],
    into: Block,
    values: dict[SSAValue, SSAValue],
    callees: dict[str, RuntimeSequenceOp],
    device: DeviceOp,
) -> None:
    for op in operations:
        if _configures(op):
            raise DesignError(
                f"{op.name} inside a configuration",
                at=source_line_of(op),
                because="the whole device is configured at once",
                fix="one behind the other",
            )
        if not isinstance(op, RunOp):
            copy = op.clone(value_mapper=values)
            for old, new in zip(op.walk(), copy.walk(), strict=True):
                new.location = old.location
            into.add_op(copy)
            continue
        name = op.runtime_sequence_symbol.root_reference.data
        callee = callees.get(name)
        if callee is None:
            raise DesignError(
                f"there is no sequence @{name} in device @{device.sym_name.data}",
                at=source_line_of(op),
                because=f"it has {', '.join(f'@{each}' for each in callees) or 'none'}",
            )
        given = [values.get(operand, operand) for operand in op.args]
        for number, value in enumerate(given):
            if not isinstance(value, BlockArgument):
                raise DesignError(
                    f"argument {number} of @{name} is no argument of the entry sequence",
                    at=source_line_of(op),
                    because="a part of a tensor cannot be handed on here",
                    fix="the whole tensor, and an offset in the transfer",
                )
        inner: dict[SSAValue, SSAValue] = dict(zip(callee.body.block.args, given, strict=True))
        _inline(callee.body.block.ops, into, inner, callees, device)
