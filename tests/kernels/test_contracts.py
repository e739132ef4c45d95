"""Contracts and sources say the same: every exported symbol has one, and names it in its header."""

import re

import numpy as np
import pytest

from aie_kernels.contract import KERNEL_DIRECTORY, KernelContract, Role, Symbol, buffer, scalar
from aie_kernels.contracts import CONTRACTS
from ironbird.base.tolerance import EXACT
from tests.kernels.library import frame_bytes

SOURCES = sorted(KERNEL_DIRECTORY.glob("*.cc"))
EXPORTED = re.compile(r'^extern "C" void (\w+)\(([^)]*)\)', re.MULTILINE)


def exported(source):
    return dict(EXPORTED.findall(source.read_text()))


def test_every_exported_symbol_has_one_contract():
    symbols = [name for source in SOURCES for name in exported(source)]
    assert sorted(symbols) == sorted(contract.symbol for contract in CONTRACTS)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.symbol)
def test_parameters_agree_in_name_and_order(contract):
    parameters = exported(contract.source_path)[contract.symbol].split(",")
    names = [parameter.split()[-1].lstrip("*") for parameter in parameters]
    assert names == [argument.name for argument in contract.arguments]


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.symbol)
def test_the_header_names_symbol_and_contract(contract):
    header = contract.source_path.read_text().partition("#include")[0]
    assert contract.symbol in header
    assert "contract  " in header


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("mm_bf16_f32", Symbol("mm", "bf16", "f32")),
        ("reduce_max_i32", Symbol("reduce_max", "i32", "i32")),
        ("attention_weights_masked_bf16", Symbol("attention_weights_masked", "bf16", "bf16")),
    ],
)
def test_symbols_are_parsed(text, parts):
    assert Symbol.parse(text) == parts


@pytest.mark.parametrize("text", ["softmax", "i32", "add_i32_fast", ""])
def test_other_symbols_are_refused(text):
    with pytest.raises(
        ValueError, match=rf"^kernel symbol '{text}' does not read <operation>_<type>"
    ):
        Symbol.parse(text)


def test_a_symbol_that_says_another_type_is_refused():
    with pytest.raises(ValueError, match=r"^kernel 'add_bf16' says bf16; its argument 'x' is i32$"):
        KernelContract(
            symbol="add_bf16",
            source="add.cc",
            arguments=(buffer("x", Role.IN, "i32", 16), buffer("z", Role.OUT, "bf16", 16)),
            reference=lambda **_: {},
            tolerance=EXACT,
            operations=16,
        )


def test_a_scalar_has_no_shape():
    assert scalar("count", 3).shape == ()
    with pytest.raises(ValueError, match=r"^argument 'x' is in but has shape \(\)$"):
        buffer("x", Role.IN, "i32")


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.symbol)
def test_reference_answers_for_what_is_written(contract):
    rng = np.random.default_rng(0)
    given = {
        argument.name: argument.values[0] if argument.values else 3
        for argument in contract.arguments
        if argument.role is Role.SCALAR
    }
    for argument in contract.arguments:
        if argument.role is not Role.SCALAR:
            given[argument.name] = rng.integers(1, 9, argument.shape).astype(argument.dtype)
    answered = contract.reference(**given)
    for argument in contract.arguments:
        if argument.is_written:
            assert np.asarray(answered[argument.name]).size == np.prod(argument.shape)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.symbol)
def test_the_stack_promised_holds_every_frame_of_the_source(contract):
    """All frames together bound any chain of calls; of a template's instances a chain has one.

    A kernel of the same source calls no other kernel.
    """
    others = {other.symbol for other in CONTRACTS} - {contract.symbol}
    deepest: dict[str, int] = {}
    for function, frame in frame_bytes(contract).items():
        if function in others:
            continue
        template = function.partition(" [with ")[0]
        deepest[template] = max(frame, deepest.get(template, 0))
    assert any(contract.symbol in function for function in deepest)
    assert 0 < sum(deepest.values()) <= contract.stack_bytes, deepest
