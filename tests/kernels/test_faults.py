"""A test of the tests: every fault that a kernel can have is rejected, and the kernel is not."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from aie.iron import Buffer, ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1

from aie_kernels.contract import KernelContract, NotFinite, Role
from aie_kernels.contracts import CONTRACTS
from designs.kernels import array_type, external
from ironbird.base.tolerance import Verdict, judge
from ironbird.session.compile import compile
from ironbird.session.run import run
from tests.kernels.fault_rows import STACK_FITS, STACK_OVERFLOWS
from tests.kernels.fault_table import ROWS
from tests.kernels.faults import FAULTS, Call, without_fault
from tests.kernels.library import stack_bytes

DEFAULT_STACK_BYTES = 1024
SIGNAL_ELEMENTS = 16

EVERY_CONTRACT = pytest.mark.parametrize(
    "contract", CONTRACTS, ids=lambda contract: contract.symbol
)
INJECTED = [
    pytest.param(contract, name, id=f"{contract.symbol}-{name}")
    for contract in CONTRACTS
    if contract.symbol in ROWS
    for name, fault in ROWS[contract.symbol].faults.items()
    if not isinstance(fault, str)
]


def faulty_call(contract: KernelContract, fault_name: str) -> Call:
    inputs = ROWS[contract.symbol].inputs_for(fault_name)
    return Call(contract, *(inputs(contract, np.random.default_rng(seed)) for seed in range(2)))


def verdicts(faulty: Call, written: Mapping[str, Any]) -> list[Verdict]:
    """Of every output, and of some under a second tolerance."""
    contract = faulty.contract
    expected = contract.reference(**faulty.given)
    tolerances = [
        *((name, contract.tolerance) for name in written),
        *ROWS[contract.symbol].closer.items(),
    ]
    return [
        judge(written[name], np.asarray(expected[name]), tolerance)
        for name, tolerance in tolerances
    ]


def test_every_kernel_has_a_row() -> None:
    assert set(ROWS) == {contract.symbol for contract in CONTRACTS}


@EVERY_CONTRACT
def test_a_row_tells_of_every_fault(contract: KernelContract) -> None:
    assert tuple(ROWS[contract.symbol].faults) == FAULTS
    assert all(fault for fault in ROWS[contract.symbol].faults.values())


@EVERY_CONTRACT
@pytest.mark.parametrize("inputs", ["zero_output", "truncated"])
def test_without_a_fault_it_is_accepted(contract: KernelContract, inputs: str) -> None:
    """With either set of inputs: what follows shows that faults are rejected for being faults."""
    right = faulty_call(contract, inputs)
    for verdict in verdicts(right, without_fault(right)):
        assert verdict, str(verdict)


@pytest.mark.parametrize(("contract", "fault_name"), INJECTED)
def test_every_injected_fault_is_rejected(contract: KernelContract, fault_name: str) -> None:
    fault = ROWS[contract.symbol].faults[fault_name]
    faulty = faulty_call(contract, fault_name)
    assert not all(verdicts(faulty, fault(faulty)))


@EVERY_CONTRACT
def test_nan_and_infinity_give_what_the_contract_says(contract: KernelContract) -> None:
    wrong_calls = with_a_number_that_is_not_finite(faulty_call(contract, "zero_output"))
    results = [(without_fault(wrong), expected_of(wrong)) for wrong in wrong_calls]
    found = NotFinite.AS_HEADER
    if all(kinds_of_numbers(written) == kinds_of_numbers(exact) for written, exact in results):
        found = NotFinite.AS_REFERENCE
    elif all(
        (np.isfinite(written[name]) == np.isfinite(exact[name])).all()
        for written, exact in results
        for name in written
    ):
        found = NotFinite.NAN_FOR_INFINITY
    assert contract.not_finite is found
    if found is NotFinite.AS_HEADER:
        assert "// domain  " in contract.source_path.read_text().partition("#include")[0]


def with_a_number_that_is_not_finite(right: Call) -> Iterator[Call]:
    """The call with NaN and either infinity in each operand that can hold them."""
    for argument in right.contract.arguments:
        if not argument.is_read or argument.dtype.kind == "i":
            continue
        for number in (np.nan, np.inf, -np.inf):
            array = right.given[argument.name].copy()
            array.flat[array.size // 3] = number
            yield replace(right, given={**right.given, argument.name: array})


def expected_of(wrong: Call) -> dict[str, Any]:
    with np.errstate(invalid="ignore", over="ignore"):
        expected = wrong.contract.reference(**wrong.given)
        return {
            argument.name: np.asarray(expected[argument.name]).astype(argument.dtype)
            for argument in wrong.contract.arguments
            if argument.is_written
        }


def kinds_of_numbers(written: Mapping[str, Any]) -> dict[str, list[str]]:
    """For each element: a number, NaN, or which infinity."""
    return {
        name: [
            "finite" if np.isfinite(number) else str(number) for number in array.ravel().tolist()
        ]
        for name, array in written.items()
    }


@EVERY_CONTRACT
def test_a_stack_of_1_kib_holds_what_the_table_says(contract: KernelContract) -> None:
    """A contract that promises 1 KiB is held to it by tests/kernels/test_contracts.py."""
    fits = (
        contract.stack_bytes <= DEFAULT_STACK_BYTES or stack_bytes(contract) <= DEFAULT_STACK_BYTES
    )
    assert ROWS[contract.symbol].faults["stack_of_1_kib"] == (
        STACK_FITS if fits else STACK_OVERFLOWS
    )


def test_a_stack_of_1_kib_is_found() -> None:
    """One worker for each kernel that needs more; each finds its own."""
    contracts = [
        contract
        for contract in CONTRACTS
        if contract.symbol in ROWS
        and ROWS[contract.symbol].faults["stack_of_1_kib"] == STACK_OVERFLOWS
    ]
    calls = [CallOnZeros(contract) for contract in contracts]

    def sequence(*arguments: Any) -> None:
        answers, ends = arguments[: len(calls)], arguments[len(calls) :]
        for answer, end in zip(answers, ends, strict=True):
            end.drain(answer, wait=True)

    types = [array_type(SIGNAL_ELEMENTS, np.int32)] * len(calls)
    runtime = Runtime(sequence, [*types, *(call.done.cons() for call in calls)])
    program = Program(NPU1(), runtime, workers=[call.worker for call in calls])
    result = run(compile(program), *(np.zeros(SIGNAL_ELEMENTS, np.int32) for _ in calls))
    assert sorted(finding.what.partition(" than ")[0] for finding in result.findings) == sorted(
        f"kernel {contract.symbol!r} needs more stack" for contract in contracts
    )


class CallOnZeros:
    """A worker with a stack of 1 KiB that calls a kernel once, on buffers of zeros."""

    def __init__(self, contract: KernelContract) -> None:
        buffers = [
            Buffer(
                array_type(argument.shape, argument.dtype),
                initial_value=np.zeros(argument.shape, argument.dtype),
                name=f"{contract.symbol}_{argument.name}",
            )
            for argument in contract.arguments
            if argument.role is not Role.SCALAR
        ]
        self.contract = contract
        self.done = ObjectFifo(
            array_type(SIGNAL_ELEMENTS, np.int32), name=f"{contract.symbol}_done"
        )
        self.worker = Worker(
            self._core,
            [self.done.prod(), external(contract), *buffers],
            stack_size=DEFAULT_STACK_BYTES,
        )

    def _core(self, done: Any, kernel: Any, *buffers: Any) -> None:
        given = iter(buffers)
        scalars = {
            argument.name: argument.values[0] if argument.values else 0
            for argument in self.contract.arguments
            if argument.role is Role.SCALAR
        }
        kernel(
            *(
                scalars[argument.name] if argument.name in scalars else next(given)
                for argument in self.contract.arguments
            )
        )
        signal = done.acquire(1)
        for element in range_(SIGNAL_ELEMENTS):
            signal[element] = 1
        done.release(1)
