"""Attributes of core operations with the type the vocabulary gives them."""

from ironbird.plan.core_program import Operation


def integer(operation: Operation, name: str) -> int:
    """An attribute that is one integer."""
    value = operation.attribute(name)
    assert isinstance(value, int), f"{operation.name}.{name} is {value!r}"
    return value


def integers(operation: Operation, name: str) -> tuple[int, ...]:
    """An attribute that is a tuple of integers."""
    values = operation.attribute(name)
    assert isinstance(values, tuple), f"{operation.name}.{name} is {values!r}"
    return tuple(int(value) for value in values)  # type: ignore[arg-type]


def word(operation: Operation, name: str) -> str:
    """An attribute that is a word."""
    value = operation.attribute(name)
    assert isinstance(value, str), f"{operation.name}.{name} is {value!r}"
    return value
