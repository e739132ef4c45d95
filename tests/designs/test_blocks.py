"""Blocks of a transformer: what they mean, how weights lie, and what they refuse."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from designs import decoder_block, encoder_block, ffn
from designs.case import BFLOAT16, Array
from designs.transformer import QueriesKeysValues
from ironbird.session.compile import Executable, compile
from ironbird.session.run import run

CASE = encoder_block.CASES[0]


@pytest.fixture(scope="module")
def executable() -> Executable:
    return compile(encoder_block.design(CASE))


def drawn(seed: int) -> dict[str, Array]:
    return CASE.inputs(np.random.default_rng(seed))


def outcome(executable: Executable, x: Array, weights: dict[str, Array]) -> Array:
    """y for x [any rows, width] and laid-out weights."""
    arguments = CASE.block.arguments(x, weights)
    run(executable, *arguments).raise_for_findings()
    return arguments[-1].astype(np.float64)


def test_laid_out_once_the_weights_serve_every_window(executable: Executable) -> None:
    """The bar is for y; what the block adds to x holds it as well."""
    inputs = drawn(1)
    weights = CASE.block.laid_out(inputs)
    for seed in (1, 2):
        x = drawn(seed)["x"]
        exact = CASE.block.reference(x, inputs) - x.astype(np.float64)
        added = outcome(executable, x, weights)[: CASE.positions] - x.astype(np.float64)
        assert np.linalg.norm(added - exact) <= 1e-2 * np.linalg.norm(exact)
        cosine = np.vdot(added, exact) / np.linalg.norm(added) / np.linalg.norm(exact)
        assert cosine >= 0.9999


def test_no_position_attends_to_those_that_fill_up(executable: Executable) -> None:
    inputs = drawn(3)
    weights = CASE.block.laid_out(inputs)
    filled = np.full((CASE.block.rows, CASE.width), 7.0).astype(BFLOAT16)
    filled[: CASE.positions] = inputs["x"]
    expected, found = (outcome(executable, x, weights) for x in (inputs["x"], filled))
    np.testing.assert_array_equal(found[: CASE.positions], expected[: CASE.positions])
    assert (found[CASE.positions :] != expected[CASE.positions :]).any()


def test_an_encoder_does_not_ask_in_which_order_positions_come(executable: Executable) -> None:
    inputs = drawn(4)
    order = np.random.default_rng(5).permutation(CASE.positions)
    weights = CASE.block.laid_out(inputs)
    straight = outcome(executable, inputs["x"], weights)[: CASE.positions]
    permuted = outcome(executable, inputs["x"][order], weights)[: CASE.positions]
    error = np.linalg.norm(permuted - straight[order])
    assert error <= 5e-3 * np.linalg.norm(straight)


def test_the_key_has_no_bias() -> None:
    layer = QueriesKeysValues("qkv", 64, 128)
    inputs = layer.drawn(np.random.default_rng(6))
    names = "qkv_k_weights qkv_q_bias qkv_q_weights qkv_v_bias qkv_v_weights"
    assert " ".join(sorted(inputs)) == names
    panels = layer.laid_out(inputs)["qkv"]
    laid_out = panels.transpose(1, 0, 2).reshape(panels.shape[1], -1)
    for place, name in enumerate("qkv"):
        columns = laid_out[:, 128 * place : 128 * place + 128]
        np.testing.assert_array_equal(columns[-128:], inputs[f"qkv_{name}_weights"])
        bias = inputs.get(f"qkv_{name}_bias", np.zeros(128))
        np.testing.assert_array_equal(columns[:-128].astype(float).sum(axis=0), bias.astype(float))


def test_a_block_is_so_many_launches() -> None:
    for block, launches in ((ffn, 3), (encoder_block, 7), (decoder_block, 11)):
        parts = block.CASES[0].block.parts
        assert sum(len(part.launches("x", "y")) for part in parts) == launches


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: ffn.Case(name="x", rows=0, width=64),
            "a feed-forward layer of 0 rows of 64; the width is a multiple of 64",
        ),
        (
            lambda: encoder_block.Case(name="x", positions=10, width=100),
            "an encoder block of 10 positions of 100; the width is a multiple of 64",
        ),
        (
            lambda: encoder_block.Case(name="x", positions=1501, width=64),
            "an encoder block of 1501 positions; Whisper's longest is 1500",
        ),
        (
            lambda: ffn.Ffn(rows=100, width=64).fc1.case,
            "fc1 of 100 rows from 64 to 256; within a block all are multiples of 64",
        ),
    ],
)
def test_what_no_block_takes_is_refused(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        make()
