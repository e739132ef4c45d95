"""Chains of launches: what they are made of, and what they refuse."""

import re
from typing import Any

import pytest

from designs import attention_in_place, gelu, layer_norm, matmul
from designs.attention_work import Case as AttentionCase
from designs.chain import Launch, chain
from ironbird.iron.resolved_program import resolved_program_of


def product(columns: int) -> Any:
    """Of 64 x 64 and 64 x `columns`, in tiles of 16."""
    return matmul.design(
        matmul.Case(name="x", rows=64, depth=64, columns=columns, m=16, k=16, n=columns // 4)
    )


def normalised(rows: int = 64) -> Any:
    """LayerNorm of `rows` rows of 64."""
    return layer_norm.design(layer_norm.Case(name="x", rows=rows, columns=64, has_gain=False))


def test_each_launch_links_its_own_kernels() -> None:
    """Both products call `mm_bf16_f32`, compiled for other tiles."""
    program = chain(
        ["x", "normed", "w", "y", "wide_w", "wide_y"],
        [
            Launch("norm", normalised(), ("x", "normed")),
            Launch("narrow", product(64), ("normed", "w", "y")),
            Launch("wide", product(128), ("normed", "wide_w", "wide_y")),
        ],
    )
    module = program.resolve_program()
    assert str(module).count("aiex.configure") == 3
    assert [source.object_file for source in resolved_program_of(module).kernel_sources] == [
        "layer_norm.o",
        "zero.o",
        "mm_bf16_f32_16_16_16.o",
        "mm_bf16_f32_16_16_32.o",
    ]


@pytest.mark.parametrize(
    ("tensors", "launches", "message"),
    [
        (
            ["x", "y"],
            [Launch("norm", normalised(), ("x", "z"))],
            "a chain of the tensors x, y; its launches take x, z",
        ),
        (
            ["x", "y", "z"],
            [
                Launch("norm", normalised(), ("x", "y")),
                Launch("again", normalised(rows=32), ("y", "z")),
            ],
            "norm takes 'y' as [64, 64] bfloat16, again as [32, 64] bfloat16",
        ),
        (
            ["x", "y"],
            [
                Launch("gelu", gelu.design(gelu.CASES[0]), ("x", "y")),
                Launch("gelu", normalised(), ("x", "y")),
            ],
            "two launches are called gelu",
        ),
    ],
)
def test_launches_that_do_not_fit_are_refused(
    tensors: list[str], launches: list[Launch], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        chain(tensors, launches)


def test_positions_without_a_query_are_not_side_by_side() -> None:
    case = AttentionCase(name="x", heads=1, queries=1, keys=64)
    message = "attention of 1 queries and 64 keys; side by side every position has all three"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        attention_in_place.design(case)
