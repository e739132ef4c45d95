"""For every kernel: what it is called with, and each fault or the reason why it cannot have it.

A kernel without a row, or a row without a fault, fails tests/kernels/test_faults.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from aie_kernels import attention_contracts
from aie_kernels.blocks import blocked
from aie_kernels.contract import KernelContract, Role
from aie_kernels.contracts import BLOCKS
from aie_kernels.gelu_contracts import gelu_i8_results, gelu_i8_table
from aie_kernels.layer_norm_contracts import layer_norm_i8_steps
from aie_kernels.mv_contracts import MV_BLOCKS
from aie_kernels.mv_w8a8_contracts import W8A8_BLOCKS, packed_tile
from aie_kernels.scale_tiles import (
    dequantising_scales,
    dequantising_tile,
    requantising_scales,
    requantising_tile,
)
from ironbird.base.tolerance import Tolerance
from tests.kernels.faults import (
    Fault,
    blocks_transposed,
    changed,
    float_tail_doubled,
    given_instead,
    halves_swapped,
    not_written,
    operands_swapped,
    result_of_the_call_before,
    truncated,
    without_addends,
    zero_output,
)
from tests.kernels.library import poison

Drawn = Callable[[KernelContract, np.random.Generator], dict[str, Any]]
Rng = np.random.Generator


def drawn(contract: KernelContract, rng: Rng) -> dict[str, Any]:
    """Every argument: integers over the whole type, normally distributed floats."""
    given: dict[str, Any] = {}
    for argument in contract.arguments:
        if argument.role is Role.SCALAR:
            given[argument.name] = argument.values[0] if argument.values else 3
        elif argument.role is Role.OUT:
            given[argument.name] = poison(argument)
        elif argument.dtype.kind == "i":
            limits = np.iinfo(argument.dtype)
            given[argument.name] = rng.integers(
                limits.min, limits.max, argument.shape, argument.dtype, endpoint=True
            )
        else:
            given[argument.name] = rng.standard_normal(argument.shape).astype(argument.dtype)
    return given


def drawn_but(special: Callable[[Rng], dict[str, Any]]) -> Drawn:
    """As `drawn`, but for the arguments that `special` answers."""
    return lambda contract, rng: drawn(contract, rng) | special(rng)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One kernel.

    faults: by name, the fault or why the kernel cannot have it.
    inputs: what it is called with.
    inputs_to_truncate: where the fault shows in few calls only: those with which it does.
    closer: outputs that these inputs bring closer to the reference than the contract promises.
    """

    faults: Mapping[str, Fault | str]
    inputs: Drawn = drawn
    inputs_to_truncate: Drawn | None = None
    closer: Mapping[str, Tolerance] = field(default_factory=dict)

    def inputs_for(self, fault: str) -> Drawn:
        """What the kernel is called with to show `fault`."""
        if fault == "truncated" and self.inputs_to_truncate is not None:
            return self.inputs_to_truncate
        return self.inputs


STACK_FITS = "its frames fit in 1 KiB"
STACK_OVERFLOWS = "a finding of the simulator, not a result"
"""The two reasons that tests/kernels/test_faults.py looks into."""

EVERY_KERNEL: dict[str, Fault | str] = {
    "zero_output": zero_output,
    "not_written": not_written,
    "result_of_the_call_before": result_of_the_call_before,
    "operands_swapped": "it has one operand",
    "halves_swapped": "it has no operand",
    "blocks_transposed": "its operands are rows, not blocks",
    "truncated": "it rounds nothing",
    "shift_up": "it shifts nothing",
    "shift_down": "it shifts nothing",
    "addends_missing": "it adds nothing",
    "stack_of_1_kib": STACK_FITS,
}


def row(
    inputs: Drawn = drawn,
    *,
    inputs_to_truncate: Drawn | None = None,
    closer: Mapping[str, Tolerance] | None = None,
    **faults: Fault | str,
) -> Row:
    """A row in which faults that are not named are those of every kernel."""
    return Row(
        faults={**EVERY_KERNEL, **faults},
        inputs=inputs,
        inputs_to_truncate=inputs_to_truncate,
        closer=closer or {},
    )


COMMUTES = "its operands commute"
OTHER_SIZES = "its operands have different sizes"


def scales_doubled(power: int) -> Fault:
    """The floats behind the int8 weights of mv_scale, whose depth and outputs are 64."""
    return changed(weights=float_tail_doubled(power, 64 * 64))


def near_a_power_of_two(name: str) -> Drawn:
    """Numbers just above one, of which truncation takes away the largest share."""

    def special(contract: KernelContract, rng: Rng) -> dict[str, Any]:
        argument = contract.argument(name)
        given = drawn(contract, rng)
        for added in ("bias", "residual"):
            if added in given:
                given[added] = np.zeros_like(given[added])
        return given | {name: rng.uniform(1, 1.05, argument.shape).astype(argument.dtype)}

    return special


def shares_near_a_power_of_two(rng: Rng) -> dict[str, Any]:
    """1,017 equal shares: each 0.88 of a step above 2^-10."""
    x = np.zeros(1024, attention_contracts.LOWEST_BF16.dtype)
    x[rng.permutation(1024)[:7]] = attention_contracts.LOWEST_BF16
    return {"x": x}


def layer_norm_i8_inputs(rng: Rng) -> dict[str, Any]:
    """x of any step, gains near one, small biases, at the scales of tests/kernels."""
    row = rng.standard_normal(256) * 24
    gain, bias = 64 + 12 * rng.standard_normal(256), 20 * rng.standard_normal(256)
    packed = np.concatenate([row, gain, bias]).round().clip(-128, 127).astype(np.int8)
    return {
        "packed": packed,
        "steps": layer_norm_i8_steps(x=1 / 24, gain=1 / 64, bias=1 / 64, y=1 / 32),
    }


def packed_gain_and_bias(change: Callable[[Any, Any], tuple[Any, Any]]) -> Fault:
    """Other gains and biases in the row that packs them behind x."""

    def changed_row(given: dict[str, Any]) -> dict[str, Any]:
        x, gain, bias = np.split(given["packed"], 3)
        return {"packed": np.concatenate([x, *change(gain, bias)]).astype(np.int8)}

    return given_instead(changed_row)


def step_doubled(number: int, power: int) -> Fault:
    """Of what an int8 LayerNorm is told about scales, one times 2^power."""
    factors = np.ones(4, np.float32)
    factors[number] = 2.0**power
    return changed(steps=lambda steps: steps * factors)


def gain_of_one(gain_and_bias: Any) -> Any:
    """Gains of one and biases of zero."""
    count = gain_and_bias.size // 2
    return np.repeat([1, 0], count).astype(gain_and_bias.dtype)


def gelu_table(scale_in: float) -> Any:
    """The table of int8 GELU whose results have steps of 1/16."""
    return gelu_i8_table(gelu_i8_results(scale_in, 1 / 16))


def packed_tiles(rng: Rng) -> dict[str, Any]:
    """64 outputs and 8 rows of a depth of 64, and sums as of ten pieces."""

    def tile(rows: int, block_rows: int) -> Any:
        numbers = rng.integers(-128, 128, (rows, 64), np.int8)
        return packed_tile(numbers, rng.uniform(0.5, 2, rows), block_rows)

    return {
        "weights": tile(64, W8A8_BLOCKS.rows),
        "x": tile(8, W8A8_BLOCKS.columns),
        "sums": rng.integers(-(10**6), 10**6, 512).astype(np.int32),
    }


def tile_of_multipliers(rng: Rng) -> dict[str, Any]:
    """Sums and 64 multipliers that make int8 of them, as a core receives them."""
    tile = requantising_tile(rng.integers(200, 1000, 64), 15, 64)
    return {
        "c": rng.integers(-4000, 4000, 4096).astype(np.int32),
        "scales": blocked(tile, 8, 8).reshape(-1),
    }


def shift_changed(by: int) -> Callable[[Any], Any]:
    """The shift behind 64 multipliers."""

    def change(scales: Any) -> Any:
        multipliers, shift = requantising_scales(scales, 64)
        return blocked(requantising_tile(multipliers, shift + by, 64), 8, 8).reshape(-1)

    return change


def tiles_of_scales(rng: Rng) -> dict[str, Any]:
    """Sums, scales and biases of 64 columns and scales of 64 rows; results of any size."""
    rows = np.zeros((64, 64), np.int8)
    rows[:, :4] = rng.uniform(0.5, 2, (64, 1)).astype(np.float32).view(np.int8)
    columns = dequantising_tile(rng.uniform(0.5, 2, 64), 1000 * rng.standard_normal(64), 64)
    return {
        "c": rng.integers(-1000, 1000, 4096).astype(np.int32),
        "columns": blocked(columns, 8, 8).reshape(-1),
        "rows": blocked(rows, 4, 8).reshape(-1),
    }


def sums_near_a_power_of_two(rng: Rng) -> dict[str, Any]:
    """Sums just above 1,024 and scales of one."""
    rows = np.zeros((64, 64), np.int8)
    rows[:, :4] = np.ones((64, 1), np.float32).view(np.int8)
    return {
        "c": rng.integers(1024, 1056, 4096).astype(np.int32),
        "columns": blocked(dequantising_tile(np.ones(64), np.zeros(64), 64), 8, 8).reshape(-1),
        "rows": blocked(rows, 4, 8).reshape(-1),
    }


def column_scales_doubled(power: int) -> Callable[[Any], Any]:
    """The scales of 64 columns, not their biases."""

    def change(columns: Any) -> Any:
        scales, biases = dequantising_scales(columns, 64)
        return blocked(dequantising_tile(scales * 2.0**power, biases, 64), 8, 8).reshape(-1)

    return change


def without_biases(columns: Any) -> Any:
    """The scales of 64 columns, and biases of zero."""
    scales, biases = dequantising_scales(columns, 64)
    return blocked(dequantising_tile(scales, 0 * biases, 64), 8, 8).reshape(-1)


def best_lists(rng: Rng) -> dict[str, Any]:
    """Two lists of five ranks, falling, with the ids of two cores."""
    lists = [
        np.concatenate([-np.sort(rng.integers(-99, 99, 5)), rng.permutation(50)[:5] + first])
        for first in (0, 50)
    ]
    return dict(
        zip(("theirs", "ours"), (entries.astype(np.int32) for entries in lists), strict=True)
    )


def begun_attention(rng: Rng) -> dict[str, Any]:
    """The state of attention after its beginning: no key has been seen."""
    bfloat16 = attention_contracts.LOWEST_BF16.dtype
    return {
        "queries": (rng.standard_normal(4096) / 8).astype(bfloat16),
        "reference": np.full(256, attention_contracts.LOWEST_BF16),
        "sums": np.zeros(256, np.float32),
        "accumulated": np.zeros(4096, np.float32),
    }


ATTENTION_BLOCKS = (32, 64, (4, 8))
ATTENTION_SUMS = {
    "sums": Tolerance(
        relative_l2=4.5e-3,
        evidence="measured on normal queries and keys: 3.1e-3 to 3.7e-3, truncated 5.1e-3 and more",
    )
}

ROWS: dict[str, Row] = {
    "passthrough_i32": row(halves_swapped=halves_swapped("x")),
    "add_i32": row(operands_swapped=COMMUTES, halves_swapped=halves_swapped("x")),
    "add_bf16": row(
        operands_swapped=COMMUTES, halves_swapped=halves_swapped("x"), truncated=truncated
    ),
    "scale_i32": row(halves_swapped=halves_swapped("x")),
    "reduce_max_i32": row(
        drawn_but(lambda _: {"largest": np.array([-(2**31)], np.int32)}),
        halves_swapped="the largest of a row does not depend on its order",
    ),
    "zero_f32": row(
        zero_output="zero is its result", result_of_the_call_before="it has one result"
    ),
    "zero_i32": row(
        zero_output="zero is its result", result_of_the_call_before="it has one result"
    ),
    "softmax_bf16": row(
        inputs_to_truncate=drawn_but(shares_near_a_power_of_two),
        halves_swapped=halves_swapped("x"),
        truncated=truncated,
    ),
    "gelu_bf16": row(halves_swapped=halves_swapped("x")),
    "gelu_i8": row(
        drawn_but(lambda _: {"table": gelu_table(1 / 16)}),
        halves_swapped=halves_swapped("x"),
        shift_up=given_instead(lambda _: {"table": gelu_table(1 / 8)}),
        shift_down=given_instead(lambda _: {"table": gelu_table(1 / 32)}),
    ),
    "layer_norm_bf16": row(
        operands_swapped=halves_swapped("gain_and_bias"),
        halves_swapped=halves_swapped("x"),
        truncated=truncated,
        addends_missing=changed(gain_and_bias=gain_of_one),
    ),
    "layer_norm_plain_bf16": row(halves_swapped=halves_swapped("x"), truncated=truncated),
    "layer_norm_i8": row(
        drawn_but(layer_norm_i8_inputs),
        operands_swapped=packed_gain_and_bias(lambda gain, bias: (bias, gain)),
        halves_swapped=packed_gain_and_bias(
            lambda gain, bias: (np.roll(gain, 128), np.roll(bias, 128))
        ),
        truncated="to_fixed rounds whatever crRnd says, and pairs keep what truncation takes away",
        shift_up=step_doubled(1, 1),
        shift_down=step_doubled(1, -1),
        addends_missing=packed_gain_and_bias(lambda gain, bias: (0 * gain + 64, 0 * bias)),
    ),
    **{
        f"mm_{type_in}_{type_out}": row(
            operands_swapped=operands_swapped("a", "b"),
            halves_swapped=halves_swapped("a"),
            blocks_transposed=blocks_transposed("a", 64, 64, (block.rows, block.depth)),
            addends_missing=without_addends("c"),
        )
        for (type_in, type_out), block in BLOCKS.items()
    },
    "mm_finish_f32_bf16": row(
        inputs_to_truncate=near_a_power_of_two("c"),
        halves_swapped=halves_swapped("c"),
        blocks_transposed=blocks_transposed("c", 64, 64, (4, 4)),
        truncated=truncated,
    ),
    "mm_begin_bf16_f32": row(
        halves_swapped=halves_swapped("bias"),
        blocks_transposed="it reads one row of blocks",
        addends_missing=without_addends("bias"),
    ),
    "mm_finish_gelu_f32_bf16": row(
        inputs_to_truncate=drawn_but(
            lambda rng: {"c": rng.uniform(64, 66, 4096).astype(np.float32)}
        ),
        halves_swapped=halves_swapped("c"),
        blocks_transposed=blocks_transposed("c", 64, 64, (4, 4)),
        truncated=truncated,
    ),
    "mm_finish_residual_f32_bf16": row(
        inputs_to_truncate=near_a_power_of_two("c"),
        operands_swapped="its operands have different types",
        halves_swapped=halves_swapped("residual"),
        blocks_transposed=blocks_transposed("residual", 64, 64, (4, 8)),
        truncated=truncated,
        addends_missing=without_addends("residual"),
    ),
    "mm_requantise_i32_i8": row(
        drawn_but(
            lambda rng: {
                "c": rng.integers(-4000, 4000, 4096).astype(np.int32),
                "multipliers": rng.integers(200, 1000, 64).astype(np.int16),
            }
        ),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("multipliers"),
        blocks_transposed=blocks_transposed("c", 64, 64, (4, 8)),
        truncated=truncated,
        shift_up=changed(shift=lambda shift: shift + 1),
        shift_down=changed(shift=lambda shift: shift - 1),
    ),
    "mm_requantise_tile_i32_i8": row(
        drawn_but(tile_of_multipliers),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("c"),
        blocks_transposed=blocks_transposed("c", 64, 64, (4, 8)),
        truncated=truncated,
        shift_up=changed(scales=shift_changed(1)),
        shift_down=changed(scales=shift_changed(-1)),
    ),
    "mm_dequantise_i32_bf16": row(
        drawn_but(tiles_of_scales),
        inputs_to_truncate=drawn_but(sums_near_a_power_of_two),
        operands_swapped=operands_swapped("columns", "rows"),
        halves_swapped=halves_swapped("rows"),
        blocks_transposed=blocks_transposed("c", 64, 64, (4, 8)),
        truncated=truncated,
        shift_up=changed(columns=column_scales_doubled(1)),
        shift_down=changed(columns=column_scales_doubled(-1)),
        addends_missing=changed(columns=without_biases),
    ),
    "quantise_bf16_i8": row(
        halves_swapped=halves_swapped("x"),
        truncated="to_fixed rounds whatever crRnd says, and pairs keep what truncation takes away",
    ),
    "mv_bf16_f32": row(
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("x"),
        blocks_transposed=blocks_transposed(
            "weights", 64, 64, (MV_BLOCKS["bf16", "f32"].rows, MV_BLOCKS["bf16", "f32"].depth)
        ),
        addends_missing=without_addends("y"),
    ),
    "mv_i8_i32": row(
        drawn_but(packed_tiles),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("weights"),
        blocks_transposed=blocks_transposed(
            "weights", 64, 64, (W8A8_BLOCKS.rows, W8A8_BLOCKS.depth)
        ),
        addends_missing=without_addends("sums"),
    ),
    "mv_scale_i32_f32": row(
        drawn_but(packed_tiles),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("sums"),
        blocks_transposed="its blocks stand in one column",
        shift_up=scales_doubled(1),
        shift_down=scales_doubled(-1),
    ),
    "rank_f32_i32": row(
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("logits"),
        addends_missing=without_addends("forbidden"),
    ),
    "top_k_i32": row(halves_swapped=halves_swapped("ranks")),
    "top_k_merge_i32": row(
        drawn_but(best_lists),
        operands_swapped=COMMUTES,
        halves_swapped=halves_swapped("theirs"),
    ),
    "attention_begin_bf16": row(
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("piece"),
        blocks_transposed=blocks_transposed("piece", *ATTENTION_BLOCKS),
        shift_up="its scale is a constant of its source",
        shift_down="its scale is a constant of its source",
    ),
    "attention_weights_bf16": row(
        drawn_but(begun_attention),
        closer=ATTENTION_SUMS,
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("keys"),
        blocks_transposed=blocks_transposed("keys", *ATTENTION_BLOCKS),
        truncated=truncated,
        stack_of_1_kib=STACK_OVERFLOWS,
    ),
    "attention_weights_masked_bf16": row(
        drawn_but(begun_attention),
        closer=ATTENTION_SUMS,
        operands_swapped=operands_swapped("keys", "mask"),
        halves_swapped=halves_swapped("keys"),
        blocks_transposed=blocks_transposed("keys", *ATTENTION_BLOCKS),
        truncated=truncated,
        addends_missing=without_addends("mask"),
        stack_of_1_kib=STACK_OVERFLOWS,
    ),
    "attention_accumulate_bf16_f32": row(
        operands_swapped=operands_swapped("values", "weights"),
        halves_swapped=halves_swapped("values"),
        blocks_transposed=blocks_transposed("values", *ATTENTION_BLOCKS),
        addends_missing=without_addends("accumulated"),
    ),
    "attention_finish_f32_bf16": row(
        drawn_but(lambda rng: {"sums": rng.uniform(1, 100, 256).astype(np.float32)}),
        operands_swapped=OTHER_SIZES,
        halves_swapped=halves_swapped("accumulated"),
        blocks_transposed="its blocks are those of attention_accumulate",
        truncated=truncated,
    ),
}
