"""Log-mel features against openai-whisper's own: recorded ones, and live where it is installed.

tools/whisper_goldens says how the recording was made.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import whisper_pipeline.log_mel
from aie_kernels.mel_contracts import log_mel_reference, mel_finish_f32
from designs import log_mel, mel_i8
from designs.mel_array import MelArray
from ironbird.base.errors import UsageError
from ironbird.ir import print_module
from ironbird.session.design_command import compare_case
from tools.whisper_goldens.int16_log_mel import (
    FILE,
    STEPS_OF_ONE,
    openai_log_mel,
    recordings,
)

RECORDED = np.load(Path(__file__).parents[1] / "whisper" / "goldens" / FILE)
SOUNDS = {
    name.partition(".")[0]: int(name.partition(".")[2])
    for name in RECORDED
    if not name.endswith("samples")
}

LARGEST_ERROR, MEAN_ERROR = 5e-3, 5e-4
"""In features: the bar."""


def features(samples: Any, largest: float = -np.inf, mel_count: int = 80) -> Any:
    """One run. Judged on the way where the floor is known: there is no bar for what is below."""
    case = log_mel.Case(name="x", sample_count=samples.size, mel_count=mel_count, frames_of_core=4)
    inputs = {"samples": samples, "largest": np.array([largest], np.float32)}
    comparison = compare_case(log_mel, case, inputs)
    assert not comparison.result.findings
    assert comparison.passed or largest == -np.inf, str(comparison.verdicts["y"])
    return comparison.outputs["y"]


def in_two_runs(samples: Any, mel_count: int) -> Any:
    """The first tells the largest feature to the second."""
    return features(samples, features(samples, mel_count=mel_count).max(), mel_count)


@pytest.mark.parametrize("sound", SOUNDS)  # speech_128 takes two passes
def test_recorded_features_of_openai_whisper(sound: str) -> None:
    mel_count = SOUNDS[sound]
    result = in_two_runs(RECORDED[f"{sound}.samples"], mel_count)
    error = np.abs(result - RECORDED[f"{sound}.{mel_count}"] / STEPS_OF_ONE)
    assert error.max() <= LARGEST_ERROR
    assert error.mean() <= MEAN_ERROR


@pytest.mark.parametrize("sound", SOUNDS)
def test_the_reference_is_openai_whisper(sound: str) -> None:
    """Within float32's own error and the recording's rounding."""
    mel_count = SOUNDS[sound]
    exact = log_mel_reference(RECORDED[f"{sound}.samples"], mel_count)
    assert np.abs(exact - RECORDED[f"{sound}.{mel_count}"] / STEPS_OF_ONE).max() < 1.5e-4


@pytest.mark.parametrize("mel_count", [80, 128])
def test_the_reference_is_what_the_host_computes(mel_count: int) -> None:
    samples = log_mel.voice(np.random.default_rng(9), 4_321)
    on_host = whisper_pipeline.log_mel.log_mel((samples / 2**15).astype(np.float32), mel_count)
    np.testing.assert_allclose(log_mel_reference(samples, mel_count), on_host.T, atol=1e-6)


def test_the_recording_is_what_openai_whisper_makes_today() -> None:
    try:
        version("openai-whisper")
    except PackageNotFoundError:
        pytest.skip("openai-whisper is not installed")
    for name, (samples, mel_count) in recordings().items():
        np.testing.assert_array_equal(samples, RECORDED[f"{name}.samples"])
        recorded = RECORDED[f"{name}.{mel_count}"] / STEPS_OF_ONE
        np.testing.assert_allclose(openai_log_mel(samples, mel_count), recorded, atol=1e-4)


def test_a_later_floor_is_the_same_floor() -> None:
    """So a recording may be several runs, and the largest feature be known after all of them."""
    samples = RECORDED["speech.samples"]
    unfloored = features(samples)
    largest = unfloored.max()
    np.testing.assert_array_equal(
        features(samples, largest), np.maximum(unfloored, np.float32(largest - 2))
    )


def test_runs_that_overlap_by_three_frames_make_the_whole() -> None:
    samples = RECORDED["speech.samples"]
    whole = features(samples)
    first, second = features(samples[: 20 * 160]), features(samples[17 * 160 :])
    np.testing.assert_array_equal(np.concatenate([first[:-1], second[2:]]), whole)


def test_a_users_own_recording_makes_a_case() -> None:
    inputs = {"samples": np.zeros(777, np.int16), "largest": np.zeros(1, np.float32)}
    assert log_mel.case_for_inputs(inputs) == log_mel.Case(name="yours", sample_count=777)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (
            {"samples": np.zeros(777, np.int16)},
            "log_mel needs the inputs samples and largest; largest missing\n"
            "  try: np.savez(path, samples=..., largest=np.float32([-np.inf])) for a first run",
        ),
        (
            {"samples": np.zeros((2, 777), np.int16), "largest": np.zeros(1)},
            "input 'samples' has the shape [2, 777]\n"
            "  because: a recording is one channel of int16 at 16 kHz\n"
            "  try: the mean of the channels",
        ),
        (
            {"samples": np.zeros(77, np.int16), "largest": np.zeros(1)},
            "a recording of 77 samples; a run takes 201 to 5242880",
        ),
    ],
)
def test_what_is_no_recording_is_refused(inputs: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=f"^{re.escape(message)}$"):
        log_mel.case_for_inputs(inputs)


def test_one_program_serves_every_recording_of_as_many_passes() -> None:
    short, long = (
        log_mel.Case(name="x", sample_count=count, frames_of_core=4) for count in (201, 64 * 160)
    )
    assert print_module(log_mel.design(short).resolve_program()) == print_module(
        log_mel.design(long).resolve_program()
    )


def test_one_program_of_int8_features_serves_every_scale() -> None:
    """The step is in a tensor; twice the step is half the number."""
    case = mel_i8.CASES[0]
    inputs = case.inputs(np.random.default_rng(6))
    fine, coarse = (
        compare_case(mel_i8, replace(case, step=step), inputs).outputs["y"].astype(int)
        for step in (1 / 64, 1 / 32)
    )
    assert np.abs(fine - 2 * coarse).max() <= 1
    assert len(set(fine.flat)) > 10


def test_a_frame_does_not_ask_which_others_there_are() -> None:
    case = mel_i8.CASES[1]
    inputs = case.inputs(np.random.default_rng(7))
    order = np.random.default_rng(8).permutation(case.frames)
    straight = compare_case(mel_i8, case, inputs).outputs["y"]
    permuted = compare_case(mel_i8, case, {**inputs, "frames": inputs["frames"][order]})
    np.testing.assert_array_equal(permuted.outputs["y"], straight[order])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: log_mel.Case(name="x", sample_count=200),
            "a recording of 200 samples; a run takes 201 to 5242880",
        ),
        (
            lambda: log_mel.Case(name="x", sample_count=5242881),
            "a recording of 5242881 samples; a run takes 201 to 5242880",
        ),
        (
            lambda: log_mel.Case(name="x", sample_count=1600, mel_count=64),
            "64 mels; there are 80 and 128",
        ),
        (
            lambda: log_mel.Case(name="x", sample_count=1600, frames_of_core=36),
            "36 frames at a time; a multiple of 4 up to 32",
        ),
        (lambda: mel_i8.Case(name="x", frames=0), "0 mel frames; a run takes 1 to 4096"),
        (
            lambda: MelArray(
                frames=65,
                frame_stride=160,
                frames_of_core=4,
                mel_count=80,
                finish=mel_finish_f32(4, 80),
            ),
            "65 frames do not fill passes of 64 evenly",
        ),
        (
            lambda: MelArray(
                frames=65 * 64,
                frame_stride=160,
                frames_of_core=4,
                mel_count=80,
                finish=mel_finish_f32(4, 80),
            ),
            "4160 frames in one run; there are at most 4096",
        ),
    ],
)
def test_what_cannot_be_dealt_out_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        make()
