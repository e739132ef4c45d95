"""The arguments of a kernel call, as the author wrote them: `16xi32 of ObjectFifo 'x'`."""

from collections.abc import Iterator

from ironbird.base.element_types import ElementType
from ironbird.plan.core_program import Operation, Region, ValueType
from ironbird.simulator.findings.names import Names
from ironbird.simulator.sites import operation_at, program_at

# Operations whose result is a view into the buffer that their first operand views.
_VIEWS = frozenset(["memref.cast", "memref.reinterpret_cast", "memref.subview", "memref.view"])


def call_arguments(names: Names, core: int, site: int, types: tuple[ValueType, ...]) -> str:
    """Type of each argument, and for views whose objects or which buffer they are, if known."""
    call = operation_at(names.machine.plan, core, site)
    body = program_at(names.machine.plan, core, site)
    operands = call.operands if call.name == "kernel.call" else ()
    shown = []
    for number, each in enumerate(types):
        buffers = set(_buffers(body, operands[number])) if number < len(operands) else set()
        shown.append(f"{_spelled(each)}{_owner(names, buffers)}")
    return ", ".join(shown)


def _spelled(type_: ValueType) -> str:
    if isinstance(type_, ElementType):
        return str(type_)
    return "x".join([*map(str, type_.shape), str(type_.element)])


def _owner(names: Names, buffers: set[int]) -> str:
    """Objects of one fifo go by its name: which one it is changes from call to call."""
    plan = names.machine.plan
    fifos = {plan.buffers[each].fifo for each in buffers}
    if len(fifos) == 1 and None not in fifos:
        return f" of ObjectFifo {fifos.pop()!r}"
    if len(buffers) == 1:
        return f" of buffer {plan.buffers[buffers.pop()].name!r}"
    return ""


def _buffers(body: Region, value: int) -> Iterator[int]:
    """The buffers that a view may point into, as far as the program alone tells."""
    maker = next((each for each in body.walk() if value in each.results), None)
    if maker is None:
        return
    if maker.name == "buffer":
        yield int(maker.attribute("buffer"))  # type: ignore[arg-type]
    elif maker.name in _VIEWS:
        yield from _buffers(body, maker.operands[0])
    elif maker.name in ("scf.if", "scf.index_switch"):
        for chosen in _yielded(maker, maker.results.index(value)):
            yield from _buffers(body, chosen)


def _yielded(choice: Operation, position: int) -> Iterator[int]:
    for region in choice.regions:
        for block in region.blocks:
            if block.operations and block.operations[-1].name == "scf.yield":
                yield block.operations[-1].operands[position]
