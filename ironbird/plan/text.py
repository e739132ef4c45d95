"""A plan as text for people: one line for each part, in the plan's order.

It is for `--stop-after plan`, for tests and for bug reports; nothing reads it back.
"""

from collections.abc import Iterator

from ironbird.base.access_pattern import AccessPattern
from ironbird.plan.core_program import Operation, Region
from ironbird.plan.plan import (
    AwaitToken,
    Buffer,
    Core,
    Descriptor,
    HostBuffer,
    LockUse,
    PhysicalPlan,
    Route,
    SetLock,
    StartTask,
    Step,
    WriteBuffer,
)


def plan_text(plan: PhysicalPlan) -> str:
    """The whole plan, with a line feed at the end."""
    return "".join(f"{line}\n" for line in _lines(plan))


def _lines(plan: PhysicalPlan) -> Iterator[str]:
    yield f"plan for {plan.device}"
    for number, buffer in enumerate(plan.buffers):
        yield f"buffer {number} {_buffer(buffer)}"
    for number, lock in enumerate(plan.locks):
        place = f"id {lock.id} of tile {lock.tile}"
        yield f"lock {number} {lock.name}: {place}, starts at {lock.initial}"
    for number, kernel in enumerate(plan.kernels):
        yield f"kernel {number} {kernel.symbol} from {kernel.object_file or 'no object file'}"
    for number, descriptor in enumerate(plan.descriptors):
        yield f"descriptor {number} {_descriptor(descriptor, plan)}"
    for program in plan.channels:
        runs = f", {program.repeat_count} times" if program.repeat_count != 1 else ""
        yield f"channel {program.channel}: from descriptor {program.first}{runs}"
    for route in plan.routes:
        yield f"route {_route(route)}"
    for link in plan.cascades:
        yield f"cascade from {link.source} to {link.destination}"
    for core in plan.cores:
        yield from _core(core, plan)
    for number, function in enumerate(plan.functions):
        yield f"function {number} {function.name}"
        yield from _region(function.body, plan, "  ")
    yield f"sequence {plan.sequence.name}"
    for number, argument in enumerate(plan.sequence.arguments):
        ways = " and ".join(
            way for way, used in (("read", argument.read), ("written", argument.written)) if used
        )
        shape = "x".join(str(size) for size in argument.shape)
        yield f"  argument {number}: {shape} x {argument.element}, {ways or 'not used'}"
    for step in plan.sequence.steps:
        yield f"  {_step(step, plan)}"


def _buffer(buffer: Buffer) -> str:
    shape = "x".join(str(size) for size in buffer.shape)
    end = buffer.address + buffer.byte_count
    born = ", born full" if buffer.initial is not None else ""
    place = f"at {buffer.address}..{end} of tile {buffer.tile}"
    return f"{buffer.name}: {shape} x {buffer.element} {place}{born}"


def _descriptor(descriptor: Descriptor, plan: PhysicalPlan) -> str:
    memory = descriptor.memory
    where = (
        f"argument {memory.argument}"
        if isinstance(memory, HostBuffer)
        else plan.buffers[memory].name
    )
    parts = [
        f"id {descriptor.id} of tile {descriptor.tile}:",
        f"{where} {_pattern(descriptor.pattern)},",
        f"{descriptor.byte_count} bytes",
    ]
    if any(pad != (0, 0) for pad in descriptor.padding):
        parts.append(f"padded {list(descriptor.padding)}")
    if descriptor.iteration is not None:
        iteration = descriptor.iteration
        parts.append(f"iterating {iteration.size} by {iteration.stride}")
    for use in (descriptor.acquire, descriptor.release):
        if use is not None:
            parts.append(_lock_use(use, plan))
    if descriptor.packet is not None:
        parts.append(f"as packet {descriptor.packet.id} of type {descriptor.packet.type}")
    if descriptor.next is not None:
        parts.append(f"then descriptor {descriptor.next}")
    return " ".join(parts)


def _pattern(pattern: AccessPattern) -> str:
    layout = ", ".join(
        f"{size} by {stride}" for size, stride in zip(pattern.sizes, pattern.strides, strict=True)
    )
    return f"[{pattern.offset}: {layout}]"


def _lock_use(use: LockUse, plan: PhysicalPlan) -> str:
    return f"{use.action} {plan.locks[use.lock].name} {use.count}"


def _route(route: Route) -> str:
    ends = ", ".join(
        f"{port} ({hops} hops)" for port, hops in zip(route.destinations, route.hops, strict=True)
    )
    packet = f" packet {route.packet_id}" if route.packet_id is not None else ""
    header = " with headers" if route.keep_header else ""
    return f"from {route.source}{packet} to {ends}{header}"


def _core(core: Core, plan: PhysicalPlan) -> Iterator[str]:
    name = f" {core.name}" if core.name is not None else ""
    yield f"core{name} on {core.tile}, stack of {core.stack_bytes} bytes"
    yield from _region(core.program.body, plan, "  ")


def _region(region: Region, plan: PhysicalPlan, indent: str) -> Iterator[str]:
    for number, block in enumerate(region.blocks):
        if len(region.blocks) > 1 or block.arguments:
            arguments = ", ".join(f"%{argument}" for argument in block.arguments)
            yield f"{indent}block {number} ({arguments})"
        for operation in block.operations:
            yield f"{indent}{_operation(operation, plan)}"
            for inner in operation.regions:
                yield from _region(inner, plan, indent + "  ")


def _operation(operation: Operation, plan: PhysicalPlan) -> str:
    results = ", ".join(f"%{result}" for result in operation.results)
    operands = ", ".join(f"%{operand}" for operand in operation.operands)
    attributes = ", ".join(
        f"{name} {_named(name, value, plan)}" for name, value in operation.attributes
    )
    text = f"{results} = {operation.name}" if results else operation.name
    return " ".join(
        part for part in (text, operands, f"{{{attributes}}}" if attributes else "") if part
    )


def _named(name: str, value: object, plan: PhysicalPlan) -> str:
    """The name of the part that an index in an attribute refers to."""
    match name, value:
        case "buffer", int():
            return plan.buffers[value].name
        case "lock", int():
            return plan.locks[value].name
        case "kernel", int():
            return plan.kernels[value].symbol
        case "function", int():
            return plan.functions[value].name
        case _:
            return str(value)


def _step(step: Step, plan: PhysicalPlan) -> str:
    match step:
        case StartTask():
            runs = f", {step.repeat_count} times" if step.repeat_count != 1 else ""
            token = ", with a token" if step.token else ""
            chain = f"from descriptor {step.first}{runs}{token}"
            return f"start task {step.task} on {step.channel} {chain}"
        case AwaitToken():
            return f"await a token of {step.channel}"
        case WriteBuffer():
            name = plan.buffers[step.buffer].name
            return f"write {step.content.hex()} to {name} at byte {step.offset_bytes}"
        case SetLock():
            return f"set {plan.locks[step.lock].name} to {step.value}"
