"""The programs of cores as C++ functions; cores that differ in buffers and locks only share one.

A program numbers its buffers and locks by first use; the rows bind the numbers for each core.
"""

from dataclasses import dataclass, field

from ironbird.base.errors import DesignError
from ironbird.plan.core_program import Operation
from ironbird.plan.plan import Core, PhysicalPlan
from ironbird.simulator.attributes import integer
from ironbird.simulator.emit.program_code import ProgramCode, function_head
from ironbird.simulator.machine import Machine
from ironbird.simulator.program_facts import BUFFER_OPERATIONS
from ironbird.simulator.sites import FUNCTION_SITES

_MOST_BUFFERS = 128  # bits of runtime/core_api.hpp's BufferSet


@dataclass(frozen=True)
class CoreCode:
    """C++ of all core programs, and the rows of the table of cores."""

    code: str
    rows: list[str]


@dataclass
class Binding:
    """What a core's numbers for buffers and locks stand for."""

    buffers: dict[int, int] = field(default_factory=dict)
    locks: dict[int, int] = field(default_factory=dict)

    def buffer(self, number: int) -> int:
        """The core's number for a buffer of the plan."""
        return self.buffers.setdefault(number, len(self.buffers))

    def lock(self, number: int) -> int:
        """The core's number for a lock of the plan."""
        return self.locks.setdefault(number, len(self.locks))


def emit_cores(machine: Machine) -> CoreCode:
    """Functions for all cores of a plan, and for the functions that they call."""
    plan = machine.plan
    parts: list[str] = ["namespace ironbird {", "namespace {"]
    heads = [function_head(number, function) for number, function in enumerate(plan.functions)]
    parts += [f"{head};" for head in heads]
    programs: dict[str, int] = {}
    rows: list[str] = []
    bindings: list[str] = []
    for number, core in enumerate(plan.cores):
        binding = _binding_of(plan, core)
        body = _program_body(plan, core, binding)
        program = programs.setdefault(body, len(programs))
        _check_size(core, binding)
        bindings += [
            f"const int32_t buffers_of_{number}[] = {{{_listed(binding.buffers)}}};",
            f"const int32_t locks_of_{number}[] = {{{_listed(binding.locks)}}};",
            f"const int32_t visible_to_{number}[] = {{{_visible(machine, core)}}};",
        ]
        rows.append(
            f"{{{core.tile.column}, {core.tile.row}, program_{program}, buffers_of_{number}, "
            f"{len(binding.buffers)}, locks_of_{number}, visible_to_{number}}}"
        )
    shared = Binding()
    for number, (head, function) in enumerate(zip(heads, plan.functions, strict=True)):
        code = ProgramCode(function.value_types, shared, (number + 1) * FUNCTION_SITES)
        code.function_body(function)
        parts += [f"{head} {{", *code.lines, "}"]
    for body, program in programs.items():
        parts += [f"void program_{program}(CoreApi &core) {{", body, "}"]
    parts += [*bindings, "}  // namespace", "}  // namespace ironbird"]
    return CoreCode("\n".join(parts), rows)


def _binding_of(plan: PhysicalPlan, core: Core) -> Binding:
    """Buffers and locks in order of first use; a function's come first, so that all cores agree."""
    binding = Binding()
    for function in plan.functions:
        for operation in function.body.walk():
            _bind(binding, operation)
    for operation in core.program.body.walk():
        _bind(binding, operation)
    return binding


def _bind(binding: Binding, operation: Operation) -> None:
    if operation.name in BUFFER_OPERATIONS:
        binding.buffer(integer(operation, "buffer"))
    if operation.name == "lock.use":
        binding.lock(integer(operation, "lock"))


def _program_body(plan: PhysicalPlan, core: Core, binding: Binding) -> str:
    code = ProgramCode(core.program.value_types, binding, 0)
    code.program_body(core.program)
    return "\n".join(code.lines)


def _check_size(core: Core, binding: Binding) -> None:
    if len(binding.buffers) <= _MOST_BUFFERS:
        return
    raise DesignError(
        f"worker {core.name or core.tile!s} uses too many buffers to be simulated",
        at=core.at,
        because=f"{len(binding.buffers)} buffers; the simulator follows {_MOST_BUFFERS} of a core",
        fix="fewer, larger buffers",
    )


def _visible(machine: Machine, core: Core) -> str:
    locks = machine.visible_locks(core.tile)
    return ", ".join(str(-1 if lock is None else lock) for lock in locks)


def _listed(numbers: dict[int, int]) -> str:
    return ", ".join(map(str, numbers)) if numbers else "-1"
