"""The log-mel kernels: the transform to the bit of its integers, powers and features within theirs.

Faults are put in the table, which the kernels read: each must fail the comparison.
"""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aie_kernels.mel_contracts import (
    LOG2_OF_POWER_ONE,
    features_of_frames,
    mel_accumulate_i16_f32,
    mel_finish_f32,
    mel_finish_f32_i8,
)
from aie_kernels.mel_tables import (
    FRAME_SAMPLES,
    PARTS,
    mel_filters,
    mel_table,
    part_type,
    windowed_transform,
)
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import judge
from tests.kernels.library import call
from tests.strategies import integers

seeds = st.integers(0, 2**32 - 1)
TABLES = {mel_count: mel_table(mel_count) for mel_count in (80, 128)}
LEAST_POWER = 1e-10 * 2.0**LOG2_OF_POWER_ONE


def check(contract, given_values, numerics="silicon"):
    result = call(contract, given_values, numerics)
    (name, expected), *_ = contract.reference(**given_values).items()
    verdict = judge(result[name], expected, contract.tolerance)
    assert verdict, str(verdict)
    return result[name]


def features(samples, table, mel_count=80, *, frame_count=4, frame_stride=FRAME_SAMPLES):
    """[frame_count, mel_count] by the kernels, over the whole table."""
    accumulate = mel_accumulate_i16_f32(frame_count, frame_stride, mel_count)
    mels = np.full(frame_count * mel_count, np.nan, np.float32)
    for number, part in enumerate(table):
        given_values = {"samples": samples, "table": part, "mels": mels, "starts": number == 0}
        mels = call(accumulate, given_values)["mels"]
    finished = call(mel_finish_f32(frame_count, mel_count), {"mels": mels, "table": table[0]})[
        "mels"
    ]
    return finished.reshape(-1, mel_count // 4, 4, 4).transpose(0, 2, 1, 3).reshape(-1, mel_count)


@pytest.mark.parametrize("numerics", ["silicon", "fast"])
@given(samples=integers(np.int16, (880,)), part=st.integers(0, PARTS - 1), starts=st.booleans())
def test_any_samples(numerics, samples, part, starts):
    given_values = {
        "samples": samples,
        "table": TABLES[80][part],
        "mels": np.full(4 * 80, np.nan if starts else 1e6, np.float32),
        "starts": starts,
    }
    check(mel_accumulate_i16_f32(4, 160, 80), given_values, numerics)


@pytest.mark.parametrize("mel_count", [80, 128])
@given(frame_count=st.sampled_from([4, 8, 32]), stride=st.sampled_from([8, 160, 400]), seed=seeds)
def test_every_allowed_length(mel_count, frame_count, stride, seed):
    contract = mel_accumulate_i16_f32(frame_count, stride, mel_count)
    rng = np.random.default_rng(seed)
    samples = rng.integers(-(2**15), 2**15, contract.argument("samples").shape, np.int16)
    mels = np.zeros(frame_count * mel_count, np.float32)
    table = TABLES[mel_count][rng.integers(PARTS)]
    check(contract, {"samples": samples, "table": table, "mels": mels})


@pytest.mark.parametrize("level", [-(2**15), 2**15 - 1])
@pytest.mark.parametrize("part", [0, PARTS - 1])
def test_sums_of_full_scale_samples_do_not_overflow(level, part):
    """Of the sign of the transform itself, they are as large as sums can be."""
    frequency = windowed_transform()[0, :, 4 * part]
    frame = np.where(frequency < 0, -1 - level, level).astype(np.int16)
    given_values = {
        "samples": np.tile(frame, 4),
        "table": TABLES[80][part],
        "mels": np.zeros(4 * 80, np.float32),
    }
    check(mel_accumulate_i16_f32(4, FRAME_SAMPLES, 80), given_values)


@given(octave=st.floats(10, 62), largest=st.floats(-1.5, 1.7), seed=seeds)
def test_features_of_any_power(octave, largest, seed):
    rng = np.random.default_rng(seed)
    mels = 2.0 ** (octave + rng.uniform(-3, 3, 640))
    mels[::7] = 0
    mels[1::7] = LEAST_POWER
    given_values = {
        "mels": mels.astype(np.float32),
        "table": mel_table(80, largest=largest, step=1 / 70)[seed % PARTS],
    }
    check(mel_finish_f32(), given_values)
    check(mel_finish_f32_i8(), given_values)


def test_int8_features_saturate():
    given_values = {
        "mels": np.full(640, 2.0**62, np.float32),
        "table": mel_table(80, step=1 / 128)[0],
    }
    result = check(mel_finish_f32_i8(), given_values)
    np.testing.assert_array_equal(result, np.full(640, 127))


@pytest.mark.parametrize("mel_count", [80, 128])
def test_the_whole_table_makes_whisper_features(mel_count):
    rng = np.random.default_rng(2)
    tone = 9000 * np.sin(0.21 * np.arange(4 * FRAME_SAMPLES))
    samples = np.round(tone + rng.standard_normal(tone.size)).astype(np.int16)
    result = features(samples, TABLES[mel_count], mel_count)
    exact = features_of_frames(samples.reshape(4, FRAME_SAMPLES), mel_count)
    assert np.abs(result - exact).max() < 5e-4


def test_twice_as_loud_is_more_by_a_constant():
    """A quarter of log10(4) wherever nothing is clamped: the transform is linear."""
    samples = np.random.default_rng(3).integers(-9000, 9000, 1600).astype(np.int16)
    quiet, loud = (features(factor * samples, TABLES[80]) for factor in (1, 2))
    np.testing.assert_allclose(loud - quiet, np.log10(4) / 4, atol=1e-4)


def _fields(table):
    return table.view(part_type(80))


def _without_window(table):
    """The transform's upper parts alone, of a rectangular window."""
    angle = 2 * np.pi / FRAME_SAMPLES * np.outer(np.arange(FRAME_SAMPLES), np.arange(1, 101))
    plain = np.stack([np.cos(angle), np.sin(angle)]).reshape(2, 50, 4, 2, PARTS, 4)
    upper = np.round(plain * 2.0**14).astype(np.int16)
    _fields(table)["steps"]["upper"][:, 0] = upper.transpose(4, 1, 3, 0, 2, 5)


def _swapped_samples(table):
    upper = _fields(table)["steps"]["upper"]
    upper[:, 0] = upper[:, 0, :, ::-1].copy()


def _transposed_blocks(table):
    upper = _fields(table)["steps"]["upper"]
    upper[:, 0] = upper[:, 0].swapaxes(-1, -2).copy()


def _no_lower_part(table):
    _fields(table)["steps"]["lower"] = 0


def _next_filter(table):
    _fields(table)["filters"] = np.roll(_fields(table)["filters"], 1, axis=2)


def _stale_part(table):
    table[9] = table[8]


def _no_floor(table):
    _fields(table)["parameters"][:, 0, 0] = -9


FAULTS = {
    "no window": _without_window,
    "even and odd samples swapped": _swapped_samples,
    "blocks transposed": _transposed_blocks,
    "16 bits of the transform only": _no_lower_part,
    "the next group's filters": _next_filter,
    "a part that was read twice": _stale_part,
    "no clamp": _no_floor,
}


@pytest.mark.parametrize("fault", [None, *FAULTS])
def test_every_fault_of_the_table_shows(fault):
    tone = 0.9 * 2**15 * np.sin(2 * np.pi * 1013.7 / 16000 * np.arange(1600))
    samples = np.where(np.arange(1600) < 1200, np.round(tone), 0).astype(np.int16)
    exact = features_of_frames(samples.reshape(4, FRAME_SAMPLES), 80)
    floor = exact.max() - 2
    table = TABLES[80].copy()
    if fault is not None:
        FAULTS[fault](table)
    result = features(samples, table)
    sounding, silent = slice(0, 3), slice(3, 4)
    error = np.abs(np.maximum(result, floor) - np.maximum(exact, floor))[sounding].max()
    error = max(error, np.abs(result - exact)[silent].max())
    assert (error < 5e-4) == (fault is None)


def test_filters_are_slaneys():
    """As many weights as in whisper's own file; wide ones add up to 1 in steps of 40 Hz."""
    for mel_count in (80, 128):
        filters = mel_filters(mel_count)
        assert np.count_nonzero(filters) == {80: 391, 128: 394}[mel_count]
        assert not filters[:, [0, -1]].any()
        assert (np.count_nonzero(filters, axis=0) <= 2).all()
    wide = mel_filters(80)[-8:]
    np.testing.assert_allclose(wide.sum(axis=1) * 40, 1, rtol=0.01)


@pytest.mark.parametrize("largest", [float("nan"), float("inf")])
def test_a_largest_feature_that_is_none_is_refused(largest):
    message = (
        f"the largest feature of the recording is {largest}\n"
        "  because: features are floored at 2 below it\n"
        "  try: the maximum of a first run's features, or minus infinity for that first run"
    )
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        mel_table(80, largest=largest)


@pytest.mark.parametrize("step", [0.0, -0.1, 1 / 129, float("nan"), float("inf")])
def test_wrong_steps_are_refused(step):
    message = (
        f"a step of int8 features is {step}\n"
        "  because: features reach 1.6; steps of at least 0.0078125 reach 1\n"
        "  try: a step of 1/64, which holds -2 to 1.98"
    )
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        mel_table(80, step=step)
