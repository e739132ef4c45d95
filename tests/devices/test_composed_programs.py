"""`Program.compose`: configurations written in Python, and what is refused at their lines."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module, print_module
from ironbird.iron import DeviceConfiguration, ObjectFifo, Program, Runtime, Worker
from ironbird.iron.controlflow import range_
from ironbird.iron.device import NPU1Col1
from ironbird.session.compile import compile
from ironbird.session.run import run

TILE = np.ndarray[(16,), np.dtype[np.int32]]
WHOLE = np.ndarray[(32,), np.dtype[np.int32]]


def configuration(
    name: str, change: Callable[[Any], Any] = lambda value: value, **runtime: Any
) -> DeviceConfiguration:
    """One core that changes each element."""
    source, sink = ObjectFifo(TILE, name="in"), ObjectFifo(TILE, name="out")

    def core(source: Any, sink: Any) -> None:
        a, b = source.acquire(1), sink.acquire(1)
        for i in range_(16):
            b[i] = change(a[i])
        source.release(1)
        sink.release(1)

    def sequence(x: Any, y: Any, into: Any, out: Any) -> None:
        into.fill(x)
        out.drain(y, wait=True)

    made = Runtime(sequence, [WHOLE, WHOLE, source.prod(), sink.cons()], **runtime)
    worker = Worker(core, [source.cons(), sink.prod()])
    return DeviceConfiguration(name, NPU1Col1(), workers=[worker], runtimes=[made])


def composed(entry: Callable[..., None], *configurations: Any, **options: Any) -> Program:
    """The program whose sequence is `entry(x, y)`."""
    return Program.compose(list(configurations), entry=Runtime(entry, [WHOLE, WHOLE]), **options)


def test_a_runtime_loads_its_configuration_by_itself() -> None:
    double, negate = configuration("double", lambda v: v + v), configuration("negate", lambda v: -v)
    program = composed(
        lambda x, y: (double.runtimes[0].call(x, y), negate.runtimes[0].call(y, x)),
        double,
        negate,
    )
    module = program.resolve_program()
    assert str(module).count("aiex.configure") == 2
    x, y = np.arange(32, dtype=np.int32), np.zeros(32, np.int32)
    result = run(compile(module), x, y)
    assert result.findings == ()
    np.testing.assert_array_equal(y, 2 * np.arange(32))
    np.testing.assert_array_equal(x, -2 * np.arange(32))


def test_the_module_prints_and_reads_back() -> None:
    only = configuration("only")

    def entry(x: Any, y: Any) -> None:
        with only.configure():
            only.runtimes[0].call(x, y)
            only.runtimes[0].call(y, x)

    text = str(composed(entry, only, expand_load_pdis=True).resolve_program())
    assert "{expand_mode = 1 : i32}" in text
    assert print_module(parse_module(text, "composed.mlir")).rstrip() == text
    assert str(only.resolve()).count("aie.device") == 1


def test_a_configuration_can_be_traced() -> None:
    plain, traced = configuration("plain"), configuration("traced")
    traced.enable_trace(1024, coretile_events=["INSTR_LOCK_ACQUIRE_REQ"])
    program = composed(
        lambda x, y: (plain.runtimes[0].call(x, y), traced.runtimes[0].call(y, x)), plain, traced
    )
    x, y = np.arange(32, dtype=np.int32), np.zeros(32, np.int32)
    result = run(compile(program.resolve_program()), x, y)
    assert (result.findings, len(result.traces)) == ((), 1)
    assert result.trace_buffer is not None
    assert result.trace_buffer.any()


def outside(x: Any, y: Any) -> None:
    configuration("c", implicit_configure=False).runtimes[0].call(x, y)


def nested(x: Any, y: Any) -> None:
    one, other = configuration("one"), configuration("other")
    with one.configure(), other.configure():
        pass


def of_another(x: Any, y: Any) -> None:
    one, other = configuration("one"), configuration("other")
    with one.configure():
        other.runtimes[0].call(x, y)


def of_none(x: Any, y: Any) -> None:
    Runtime(of_none, [WHOLE, WHOLE]).call(x, y)


def with_a_number(x: Any, y: Any) -> None:
    configuration("c").runtimes[0].call(x, 3)


WHAT = "Runtime.call() of the sequence 'sequence'"
REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "outside": (
        lambda: composed(outside, configuration("c")).resolve_program(),
        f"{WHAT}\n  because: it belongs to configuration 'c', and none is loaded\n"
        "  try: with configuration.configure():",
    ),
    "nested": (
        lambda: composed(nested, configuration("one")).resolve_program(),
        "configuration 'other' inside configuration 'one'\n"
        "  because: the whole device is configured at once\n"
        "  try: one behind the other",
    ),
    "of another": (
        lambda: composed(of_another, configuration("one")).resolve_program(),
        f"{WHAT}\n  because: it belongs to configuration 'other', and 'one' is loaded\n"
        "  try: with configuration.configure():",
    ),
    "of none": (
        lambda: composed(of_none, configuration("c")).resolve_program(),
        "Runtime.call() of the sequence 'of_none'\n"
        "  because: the Runtime belongs to no DeviceConfiguration\n"
        "  try: DeviceConfiguration(name, device, runtimes=[...])",
    ),
    "a number": (
        lambda: composed(with_a_number, configuration("c")).resolve_program(),
        f"{WHAT} with a int\n  because: it takes the tensors of the entry sequence",
    ),
    "no configuration": (
        lambda: composed(outside),
        "Program.compose() of 0 configurations\n  because: there is nothing to load\n"
        "  try: at least one, and a name for each",
    ),
    "one name twice": (
        lambda: composed(outside, configuration("c"), configuration("c")),
        "Program.compose() of 2 configurations\n  because: their names are c, c\n"
        "  try: at least one, and a name for each",
    ),
    "something else": (
        lambda: composed(outside, "c"),
        "Program.compose() of a str\n"
        "  try: DeviceConfiguration(name, device, workers=[...], runtimes=[...])",
    ),
    "no device": (
        lambda: DeviceConfiguration("c", None),  # type: ignore[arg-type]
        "DeviceConfiguration('c', NoneType) has no device\n"
        "  try: DeviceConfiguration('c', NPU1(), ...)",
    ),
    "no worker": (
        lambda: DeviceConfiguration("c", NPU1Col1(), workers=[outside]),
        "a function among the workers of a DeviceConfiguration\n  try: Worker(function, [...])",
    ),
    "no runtime": (
        lambda: DeviceConfiguration("c", NPU1Col1()).add_flow(None),  # type: ignore[arg-type]
        "DeviceConfiguration.add_flow() without a Runtime\n"
        "  because: 'c' has no sequence that could be run\n"
        "  try: runtimes=[Runtime(function, [...])]",
    ),
    "expanded alone": (
        lambda: Program(NPU1Col1(), Runtime(outside, [WHOLE, WHOLE]), expand_load_pdis=True),
        "Program(expand_load_pdis=True)\n"
        "  because: it has one configuration, which nothing loads\n"
        "  try: Program.compose([...], entry=runtime, expand_load_pdis=True)",
    ),
}


@pytest.mark.parametrize("title", REFUSED)
def test_what_cannot_be_composed(title: str) -> None:
    made, message = REFUSED[title]
    with pytest.raises(DesignError) as caught:
        made()
    at, _, rest = str(caught.value).partition(": ")
    assert at.startswith("tests/devices/test_composed_programs.py:")
    assert rest == message


def test_two_sequences_of_one_name() -> None:
    one, other = (Runtime(outside, [WHOLE, WHOLE]) for _ in range(2))
    with pytest.raises(DesignError) as caught:
        DeviceConfiguration("c", NPU1Col1(), runtimes=[one, other])
    assert str(caught.value) == (
        f"{other.created_at}: two sequences of configuration 'c' are called 'sequence'\n"
        f"  because: the other was made at {one.created_at}\n"
        "  try: Runtime(function, [...], name=...)"
    )
