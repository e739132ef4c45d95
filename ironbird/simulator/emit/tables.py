"""Everything of a plan but the cores' programs, as rows of the tables in runtime/tables.hpp."""

from collections.abc import Iterable, Sequence

from ironbird.base.device import Direction
from ironbird.base.element_types import ElementType
from ironbird.plan.core_program import MemoryView
from ironbird.plan.plan import (
    AwaitToken,
    Descriptor,
    HostBuffer,
    Kernel,
    LockUse,
    Port,
    SetLock,
    StartTask,
    Step,
    WriteBuffer,
)
from ironbird.simulator import timing
from ironbird.simulator.emit.core_code import CoreCode
from ironbird.simulator.emit.spelling import cpp_type
from ironbird.simulator.layout import layout_of
from ironbird.simulator.machine import Machine

_ACTIONS = {"acquire_ge": 1, "acquire_eq": 2, "release": 3}
_MOST_DIMENSIONS = 5


def emit_tables(machine: Machine, cores: CoreCode) -> str:
    """The definition of `design_tables`."""
    plan = machine.plan
    contents = [
        *_contents("initial", [buffer.initial for buffer in plan.buffers]),
        *_contents("written", [_content(step) for step in plan.sequence.steps]),
    ]
    sinks = [
        f"static const int32_t sinks_of_{number}[] = {{{_joined(route.sinks)}}};"
        for number, route in enumerate(machine.routes)
    ]
    tables = [
        _table("BufferRow", "buffers", _buffers(machine)),
        _table("LockRow", "locks", [f"{{{lock.initial}}}" for lock in plan.locks]),
        _table("DescriptorRow", "descriptors", [_descriptor(each) for each in plan.descriptors]),
        _table("ChannelRow", "channels", _channels(machine)),
        _table("PortRow", "sources", [_port(machine, p, Direction.MM2S) for p in machine.sources]),
        _table("PortRow", "sinks", [_port(machine, p, Direction.S2MM) for p in machine.sinks]),
        _table("RouteRow", "routes", _routes(machine)),
        _table("CascadeRow", "cascades", _cascades(machine)),
        _table("CoreRow", "cores", cores.rows),
        _table("KernelRow", "kernels", [_kernel_row(n, k) for n, k in enumerate(plan.kernels)]),
        _table("StepRow", "steps", _steps(machine)),
        _table("ArgumentRow", "arguments", _arguments(machine)),
        _table(
            "OverlapRow", "disjoint", [f"{{{a}, {b}}}" for a, b in machine.disjoint_descriptors]
        ),
    ]
    names = "buffers locks descriptors channels sources sinks routes cascades cores kernels steps"
    counted = [f"  {name}, {name}_count" for name in [*names.split(), "arguments", "disjoint"]]
    return "\n".join(
        [
            "namespace ironbird {",
            *(_kernel_thunk(number, kernel) for number, kernel in enumerate(plan.kernels)),
            *contents,
            *sinks,
            *tables,
            "extern const PlanTables design_tables;",
            "const PlanTables design_tables = {",
            ",\n".join(counted),
            "};",
            "}  // namespace ironbird",
            "",
        ]
    )


def _table(row: str, name: str, rows: Sequence[str]) -> str:
    """One table and its length; C++ has no empty arrays, so an empty one gets an unused row."""
    body = ",\n  ".join(rows) if rows else "{}"
    return (
        f"static const {row} {name}[] = {{\n  {body}\n}};\n"
        f"constexpr int32_t {name}_count = {len(rows)};"
    )


def _joined(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _contents(name: str, contents: Sequence[bytes | None]) -> list[str]:
    return [
        f"alignas(64) static const uint8_t {name}_{number}[] = {{{_joined(content)}}};"
        for number, content in enumerate(contents)
        if content
    ]


def _content(step: Step) -> bytes | None:
    return step.content if isinstance(step, WriteBuffer) else None


def _buffers(machine: Machine) -> list[str]:
    return [
        f"{{{buffer.byte_count}, {f'initial_{number}' if buffer.initial else 'nullptr'}}}"
        for number, buffer in enumerate(machine.plan.buffers)
    ]


def _lock_use(use: LockUse | None) -> str:
    if use is None:
        return "{-1, LockAction::none, 0}"
    return f"{{{use.lock}, static_cast<LockAction>({_ACTIONS[use.action]}), {use.count}}}"


def _descriptor(descriptor: Descriptor) -> str:
    layout = layout_of(descriptor)
    dimensions = [
        f"{{{each.size}, {each.stride_bytes}, {each.before}, {each.after}}}"
        for each in layout.dimensions
    ]
    dimensions += ["{}"] * (_MOST_DIMENSIONS - len(dimensions))
    memory = descriptor.memory
    repeats = descriptor.iteration
    iteration = (
        f"{repeats.size}, {repeats.stride * descriptor.element_bytes}, {repeats.current}"
        if repeats is not None
        else "1, 0, 0"
    )
    fields = [
        str(~memory.argument if isinstance(memory, HostBuffer) else memory),
        str(layout.offset_bytes),
        str(len(layout.dimensions)),
        f"{{{', '.join(dimensions)}}}",
        f"{layout.row_bytes}, {layout.row_before}, {layout.row_after}",
        str(descriptor.byte_count),
        iteration,
        _lock_use(descriptor.acquire),
        _lock_use(descriptor.release),
        str(descriptor.packet.id if descriptor.packet is not None else -1),
        str(descriptor.packet.type if descriptor.packet is not None else 0),
        str(descriptor.next if descriptor.next is not None else -1),
        str(timing.memory_cost(descriptor)),
    ]
    return f"{{{', '.join(fields)}}}"


def _channels(machine: Machine) -> list[str]:
    rows = []
    for number, (name, program) in enumerate(zip(machine.channels, machine.programs, strict=True)):
        first, repeats = (program.first, program.repeat_count) if program is not None else (-1, 0)
        start, restart = machine.start_cycles(number)
        is_source = int(name.direction is Direction.MM2S)
        rows.append(
            f"{{{name.tile.column}, {name.tile.row}, {is_source}, {first}, {repeats}, "
            f"{start}, {restart}}}"
        )
    return rows


def _port(machine: Machine, port: Port, direction: Direction) -> str:
    owner = machine.port_owner(port, direction)
    if owner.channel is not None:
        return f"{{{owner.channel}, -1, 0}}"
    return f"{{-1, {owner.core}, {port.channel}}}"


def _routes(machine: Machine) -> list[str]:
    return [
        f"{{{each.source}, sinks_of_{number}, {len(each.sinks)}, {each.latency_cycles}, "
        f"{each.route.packet_id if each.route.packet_id is not None else -1}, "
        f"{int(each.route.keep_header)}}}"
        for number, each in enumerate(machine.routes)
    ]


def _cascades(machine: Machine) -> list[str]:
    return [f"{{{source}, {destination}}}" for source, destination in machine.cascades]


def _steps(machine: Machine) -> list[str]:
    rows = []
    for number, step in enumerate(machine.plan.sequence.steps):
        cycles = machine.step_cycles(step)
        match step:
            case StartTask():
                channel = machine.channel_number(step.channel)
                rows.append(
                    f"{{StepKind::start_task, {channel}, {step.first}, {step.repeat_count}, "
                    f"{int(step.token)}, {step.task}, 0, 0, nullptr, 0, {cycles}}}"
                )
            case AwaitToken():
                channel = machine.channel_number(step.channel)
                rows.append(
                    f"{{StepKind::await_token, {channel}, 0, 0, 0, 0, 0, 0, nullptr, 0, {cycles}}}"
                )
            case WriteBuffer():
                rows.append(
                    f"{{StepKind::write_buffer, {step.buffer}, 0, 0, 0, 0, {step.offset_bytes}, "
                    f"{len(step.content)}, written_{number}, 0, {cycles}}}"
                )
            case SetLock():
                rows.append(
                    f"{{StepKind::set_lock, {step.lock}, 0, 0, 0, 0, 0, 0, nullptr, {step.value}, "
                    f"{cycles}}}"
                )
    return rows


def _arguments(machine: Machine) -> list[str]:
    rows = []
    for argument in machine.plan.sequence.arguments:
        element_count = 1
        for size in argument.shape:
            element_count *= size
        byte_count = element_count * argument.element.bytes
        rows.append(f"{{{byte_count}, {int(argument.read)}, {int(argument.written)}}}")
    return rows


def _kernel_thunk(number: int, kernel: Kernel) -> str:
    """Calls the kernel with what the slots hold, as its C signature wants it."""
    types = [cpp_type(each, kernel_call=True) for each in kernel.argument_types]
    result = cpp_type(kernel.result_types[0], kernel_call=True) if kernel.result_types else "void"
    arguments = [
        f"static_cast<{spelled}>(a[{index}].pointer)"
        if isinstance(each, MemoryView)
        else f"from_slot<{spelled}>(a[{index}])"
        for index, (each, spelled) in enumerate(zip(kernel.argument_types, types, strict=True))
    ]
    call = f"reinterpret_cast<{result} (*)({', '.join(types)})>(f)({', '.join(arguments)})"
    body = f"{call};" if result == "void" else f"*r = to_slot({call});"
    unused = "" if arguments else "(void)a; "
    unused += "(void)r; " if result == "void" else ""
    return f"static void kernel_{number}(void *f, const Slot *a, Slot *r) {{ {unused}{body} }}"


def _kernel_row(number: int, kernel: Kernel) -> str:
    mask = 0
    for index, each in enumerate(kernel.argument_types):
        if not isinstance(each, ElementType):
            mask |= 1 << index
    return f"{{kernel_{number}, {len(kernel.argument_types)}, {mask}u}}"
