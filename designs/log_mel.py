"""Whisper's log-mel features of a recording, on the whole array.

Samples are int16 at 16 kHz, features [frames, mels] fp32: openai-whisper's transposed, as conv1d
takes them. Frames are 400 samples every 160, centred; the host mirrors 200 samples at both ends.

Features are floored at 2 below the largest of the whole recording. That is an input, not a second
pass on the array: a recording may be several runs, so no run can know it. Minus infinity says that
it is not known yet; a first run's features tell, and the floor may then be given to a second run of
the same program, or to whatever reads the features, as one maximum with a constant: flooring later
is exact. There is no bar for what a floor would raise: twelve decades below a full-scale sine,
features are off by up to 1e-2. Runs of one recording overlap by three frames: what a run mirrors
is heard in its first two and its last. `designs/mel_array.py` draws the array.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from aie_kernels.mel_contracts import (
    FEATURE_TOLERANCE,
    framed,
    log_mel_reference,
    mel_finish_f32,
)
from aie_kernels.mel_tables import FRAME_SAMPLES, HOP_SAMPLES, MEL_COUNTS, mel_table
from designs.case import Array, next_multiple, padded, poisoned
from designs.mel_array import CORE_COUNT, MOST_PASSES, MelArray
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

FLOAT32 = np.dtype(np.float32)

FRAMES_OF_CORE = 32
"""A core holds their samples and 128 mels of each beside two parts of the table: 54 of 64 KiB."""

SHORTEST_SAMPLES = FRAME_SAMPLES // 2 + 1
"""What is mirrored at the ends has to be there."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """Features [sample_count // 160, mel_count].

    frames_of_core: that a core takes at a time, a multiple of 4.
    """

    name: str
    sample_count: int
    mel_count: int = 80
    frames_of_core: int = FRAMES_OF_CORE
    tolerance: Tolerance = FEATURE_TOLERANCE

    def __post_init__(self) -> None:
        if self.frames_of_core not in range(4, FRAMES_OF_CORE + 1, 4):
            raise ValueError(
                f"{self.frames_of_core} frames at a time; a multiple of 4 up to {FRAMES_OF_CORE}"
            )
        most_samples = MOST_PASSES * CORE_COUNT * self.frames_of_core * HOP_SAMPLES
        if not SHORTEST_SAMPLES <= self.sample_count <= most_samples:
            raise ValueError(
                f"a recording of {self.sample_count} samples; a run takes {SHORTEST_SAMPLES} to "
                f"{most_samples}"
            )
        if self.mel_count not in MEL_COUNTS:
            raise ValueError(f"{self.mel_count} mels; there are 80 and 128")

    @property
    def frames(self) -> int:
        """Of the result: openai-whisper drops the last."""
        return self.sample_count // HOP_SAMPLES

    @property
    def array(self) -> MelArray:
        """What computes them."""
        return MelArray(
            frames=next_multiple(self.frames, CORE_COUNT * self.frames_of_core),
            frame_stride=HOP_SAMPLES,
            frames_of_core=self.frames_of_core,
            mel_count=self.mel_count,
            finish=mel_finish_f32(self.frames_of_core, self.mel_count),
        )

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """samples [sample_count] int16, a voice; largest [1] float32, of its features."""
        samples = voice(rng, self.sample_count)
        features = log_mel_reference(samples, self.mel_count)
        return {"samples": samples, "largest": np.array([features.max()], FLOAT32)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [frames, mel_count] float32."""
        return {"y": ((self.frames, self.mel_count), FLOAT32)}


def voice(rng: np.random.Generator, sample_count: int) -> Array:
    """Vowel-like int16 sound: harmonics of a gliding pitch under two formants, in syllables."""
    seconds = np.arange(sample_count) / 16_000
    start = rng.uniform(0, 2 * np.pi)
    pitch = 120 + 30 * np.sin(2 * np.pi * 1.3 * seconds + start)
    phase = 2 * np.pi * np.cumsum(pitch) / 16_000
    sound = np.zeros(sample_count)
    for harmonic in range(1, 40):
        hertz = harmonic * pitch
        formants = np.exp(-(((hertz - 700) / 300) ** 2)) + 0.2 * np.exp(
            -(((hertz - 2400) / 400) ** 2)
        )
        sound += np.sin(harmonic * phase) * formants
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * seconds + start), 0, 1) ** 2
    heard = 0.15 * sound * syllables + 1e-3 * rng.standard_normal(sample_count)
    return np.asarray(np.clip(np.round(heard * 2**15), -(2**15), 2**15 - 1), np.int16)


def design(case: Case) -> Any:
    """The program."""
    return case.array.program()


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """Samples mirrored at the ends and zeros behind, the table with the floor, and room for y."""
    array = case.array
    mirrored = framed(inputs["samples"])
    samples = padded(mirrored[: array.samples], (array.samples,))
    table = mel_table(case.mel_count, largest=float(inputs["largest"][0]))
    return samples, table, poisoned((array.frames, case.mel_count), FLOAT32)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The frames that were asked for."""
    return {"y": arguments[2][: case.frames]}


def reference(case: Case, samples: Array, largest: Array) -> dict[str, Array]:
    """Whisper's features in float64."""
    return {"y": log_mel_reference(samples, case.mel_count, float(largest[0]))}


def case_for_inputs(inputs: dict[str, Array]) -> Case:
    """The case of a user's own recording. Raises UsageError where it cannot be one."""
    missing = [name for name in ("samples", "largest") if name not in inputs]
    if missing:
        raise UsageError(
            f"log_mel needs the inputs samples and largest; {' and '.join(missing)} missing",
            fix="np.savez(path, samples=..., largest=np.float32([-np.inf])) for a first run",
        )
    shape = inputs["samples"].shape
    if len(shape) != 1:
        raise UsageError(
            f"input 'samples' has the shape {list(shape)}",
            because="a recording is one channel of int16 at 16 kHz",
            fix="the mean of the channels",
        )
    try:
        return Case(name="yours", sample_count=shape[0])
    except ValueError as refusal:
        raise UsageError(str(refusal)) from None


CASES = (
    Case(name="tenth_of_a_second", sample_count=1_600, frames_of_core=4),
    Case(name="whisper_30_s", sample_count=480_000),
)
DEFAULT_CASE = "whisper_30_s"

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
