"""Whisper's log-mel features of frames already cut, as int8, on the whole array.

A frame is 800 bytes, 400 samples of int16 at 16 kHz; its result is 80 bytes. Byte m stands for the
m-th filter of 80 on Slaney's scale, from 0 to 8 kHz: it is (log10(power) + 4) / 4 in steps, rounded
to nearest even and saturated. Powers below 1e-10, and features more than 2 below the largest of the
recording, count as those. What a step stands for, and the largest feature, are values of the run,
in the table's tensor; steps of 1/64 reach from -2 to 1.98, which holds every feature there is.
`designs/mel_array.py` draws the array.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from aie_kernels.mel_contracts import features_of_frames, mel_finish_f32_i8
from aie_kernels.mel_tables import FRAME_SAMPLES, mel_table
from designs.case import Array, next_multiple, padded, poisoned
from designs.log_mel import voice
from designs.mel_array import CORE_COUNT, MOST_PASSES, MelArray
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

INT8 = np.dtype(np.int8)
MEL_COUNT = 80
FRAMES_OF_CORE = 4
MOST_FRAMES = MOST_PASSES * CORE_COUNT * FRAMES_OF_CORE

MEL_I8_TOLERANCE = Tolerance(
    absolute=0.57,
    evidence="half a step of rounding; 5e-4 of a feature, which FEATURE_TOLERANCE allows, is 0.064 "
    "of the finest step, 1/128",
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Any number of frames, and what one step of their features stands for."""

    name: str
    frames: int
    step: float = 1 / 64
    tolerance: Tolerance = MEL_I8_TOLERANCE

    def __post_init__(self) -> None:
        if not 1 <= self.frames <= MOST_FRAMES:
            raise ValueError(f"{self.frames} mel frames; a run takes 1 to {MOST_FRAMES}")
        mel_table(MEL_COUNT, step=self.step)

    @property
    def array(self) -> MelArray:
        """What computes them."""
        return MelArray(
            frames=next_multiple(self.frames, CORE_COUNT * FRAMES_OF_CORE),
            frame_stride=FRAME_SAMPLES,
            frames_of_core=FRAMES_OF_CORE,
            mel_count=MEL_COUNT,
            finish=mel_finish_f32_i8(FRAMES_OF_CORE, MEL_COUNT),
        )

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """frames [frames, 400] int16, of a voice; largest [1] float32, of their features."""
        frames = voice(rng, self.frames * FRAME_SAMPLES).reshape(self.frames, FRAME_SAMPLES)
        largest = features_of_frames(frames, MEL_COUNT).max()
        return {"frames": frames, "largest": np.array([largest], np.float32)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [frames, 80] int8."""
        return {"y": ((self.frames, MEL_COUNT), INT8)}


def design(case: Case) -> Any:
    """The program."""
    return case.array.program()


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The frames filled up with frames of zeros, the table with step and floor, and room for y."""
    array = case.array
    frames = padded(inputs["frames"], (array.frames, FRAME_SAMPLES)).reshape(-1)
    table = mel_table(MEL_COUNT, largest=float(inputs["largest"][0]), step=case.step)
    return frames, table, poisoned((array.frames, MEL_COUNT), INT8)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The frames that were asked for."""
    return {"y": arguments[2][: case.frames]}


def reference(case: Case, frames: Array, largest: Array) -> dict[str, Array]:
    """Features in float64, in steps, clamped to int8 and not rounded."""
    features = features_of_frames(frames, MEL_COUNT, float(largest[0]))
    return {"y": np.clip(features / case.step, -128, 127)}


CASES = (
    Case(name="seed_800", frames=1),
    Case(name="seed_batch", frames=30, step=1 / 50),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
