"""How much a plan's sequence moves between DDR and the array."""

from ironbird.plan.plan import HostBuffer, PhysicalPlan, StartTask


def ddr_bytes(plan: PhysicalPlan) -> int:
    """Bytes that the tasks of the sequence read and write."""
    return sum(
        step.repeat_count * _chain_bytes(plan, step.first)
        for step in plan.sequence.steps
        if isinstance(step, StartTask)
    )


def _chain_bytes(plan: PhysicalPlan, first: int) -> int:
    total = 0
    number: int | None = first
    visited: set[int] = set()
    while number is not None and number not in visited:
        visited.add(number)
        descriptor = plan.descriptors[number]
        if isinstance(descriptor.memory, HostBuffer):
            total += descriptor.byte_count
        number = descriptor.next
    return total
