"""Contracts of the log-mel kernels, and the features they are for."""

from collections.abc import Mapping

import ml_dtypes
import numpy as np

from aie_kernels.blocks import blocked
from aie_kernels.contract import Array, KernelContract, NotFinite, Role, buffer, scalar
from aie_kernels.mel_tables import (
    FLOOR_BELOW_LARGEST,
    FRAME_SAMPLES,
    HOP_SAMPLES,
    LEAST_FEATURE,
    LOWER_BITS,
    STEPS,
    hann_window,
    mel_filters,
    part_type,
)
from aie_kernels.mm_finish_contracts import rounded_shift
from ironbird.base.tolerance import Tolerance

DROPPED_BITS = 6
"""Of the transform's 14 after the point, before powers are taken: 8 are left."""

LOG2_OF_POWER_ONE = 46
"""Powers are in squares of a step of int16 / 2^8; a sample of 1 is 2^15 steps."""

MEL_ACCUMULATE_TOLERANCE = Tolerance(
    relative=2.0**-14,
    evidence="the transform is integers, equal to the bit. A part of it as a pair of bf16 is "
    "within 2^-17, its square within 2^-16 and, without the product of lower parts, 2^-18; the "
    "power as a pair within 2^-17, times the filter without lower by lower 2^-18. All terms of a "
    "mel are positive: the errors do not grow in sums",
)

MEL_FINISH_TOLERANCE = Tolerance(
    absolute=2e-4,
    evidence="the polynomial is within 1.2e-4 octaves, 9e-6 of a feature. Down to the clamp there "
    "are 34 octaves, 2.6 features; three factors of 16 bits change that by 3 x 2^-17, 6e-5",
)

MEL_FINISH_I8_TOLERANCE = Tolerance(
    absolute=0.53,
    evidence="half a step of rounding; 2e-4 of a feature is 0.026 of the finest step, 1/128",
)

FEATURE_TOLERANCE = Tolerance(
    absolute=5e-4,
    evidence="for features within 2 of the largest, which a floor leaves. Measured with numpy "
    "against openai-whisper 20250625 on ten sounds, the worst of them a sine of 1013.7 Hz at 0.9; "
    "largest and mean error in features: transform and samples in one bf16 0.38 and 0.1; two bf16 "
    "each 1.3e-3 and 2.3e-5; samples in int16 and the transform in int16 5.3e-3 and 2.3e-4, in 24 "
    "bits (int16 and int8) 7e-5 and 1.8e-6, in 32 bits 3.4e-5 and 1.2e-6, which is what float32 "
    "itself is off by. 24 bits cost 1.5 times int16's cycles, as many as three products of bf16. "
    "Fixed point adds 1.8e-4 at the clamp, the logarithm 7e-5",
)


def mel_accumulate_i16_f32(
    frame_count: int = 8, frame_stride: int = HOP_SAMPLES, mel_count: int = 80
) -> KernelContract:
    """The mels of eight frequencies of every frame, to start with or added up."""

    def reference(
        samples: Array, table: Array, mels: Array, starts: int = 0, **_: object
    ) -> Mapping[str, Array]:
        part = table.view(part_type(mel_count))[0]
        firsts = frame_stride * np.arange(frame_count)[:, None]
        frames = samples[firsts + np.arange(FRAME_SAMPLES)].astype(np.int64)
        filters = part["filters"].view(ml_dtypes.bfloat16).astype(np.float64).sum(axis=1)
        added = _powers(frames, part["steps"]) @ filters.transpose(1, 0, 2).reshape(8, mel_count)
        before = 0 if starts else mels
        return {"mels": before + blocked(added, 4, 4).reshape(-1)}

    return KernelContract(
        symbol="mel_accumulate_i16_f32",
        source="mel.cc",
        arguments=(
            buffer("samples", Role.IN, "i16", samples_of_frames(frame_count, frame_stride)),
            buffer("table", Role.IN, "i8", part_type(mel_count).itemsize),
            buffer("mels", Role.INOUT, "f32", frame_count * mel_count),
            scalar("starts", 0, 1),
            scalar("frame_count", frame_count),
            scalar("frame_stride", frame_stride),
            scalar("mel_count", mel_count),
        ),
        reference=reference,
        tolerance=MEL_ACCUMULATE_TOLERANCE,
        operations=2 * frame_count * 8 * (FRAME_SAMPLES + mel_count),
    )


def mel_finish_f32(frame_count: int = 8, mel_count: int = 80) -> KernelContract:
    """Mels to features, in place."""
    elements = frame_count * mel_count
    return KernelContract(
        symbol="mel_finish_f32",
        source="mel.cc",
        arguments=(
            buffer("mels", Role.INOUT, "f32", elements),
            buffer("table", Role.IN, "i8", part_type(mel_count).itemsize),
            scalar("element_count", elements),
        ),
        reference=lambda mels, table, **_: {"mels": _features(mels, table, mel_count)},
        tolerance=MEL_FINISH_TOLERANCE,
        not_finite=NotFinite.AS_HEADER,
        operations=20 * elements,
    )


def mel_finish_f32_i8(frame_count: int = 8, mel_count: int = 80) -> KernelContract:
    """Mels to features in steps of int8."""
    elements = frame_count * mel_count

    def reference(mels: Array, table: Array, **_: object) -> Mapping[str, Array]:
        steps = table.view(part_type(mel_count))[0]["parameters"][1].astype(np.float64)
        return {"y": np.clip(_features(mels, table, mel_count) * steps, -128, 127)}

    return KernelContract(
        symbol="mel_finish_f32_i8",
        source="mel.cc",
        arguments=(
            buffer("mels", Role.IN, "f32", elements),
            buffer("table", Role.IN, "i8", part_type(mel_count).itemsize),
            buffer("y", Role.OUT, "i8", elements),
            scalar("element_count", elements),
        ),
        reference=reference,
        tolerance=MEL_FINISH_I8_TOLERANCE,
        operations=22 * elements,
    )


def samples_of_frames(frame_count: int, frame_stride: int) -> int:
    """Elements that so many frames, so far apart, lie in."""
    return (frame_count - 1) * frame_stride + FRAME_SAMPLES


def framed(samples: Array) -> Array:
    """Samples with 200 mirrored ones before and after: frames are centred.

    Shapes  samples [n], n above 200; result [n + 400].
    """
    return np.pad(samples, FRAME_SAMPLES // 2, mode="reflect")


def features_of_frames(frames: Array, mel_count: int, largest: float = -np.inf) -> Array:
    """Whisper's features of frames already cut.

    Shapes  frames [..., 400]; result [..., mel_count].
    Dtypes  int16, of which 32768 steps are 1; float64 inside and out.
    Units   largest: the largest feature of the whole recording; what is more than 2 below it is
            raised to that.
    Source  log_mel_spectrogram in whisper/audio.py, version 20250625.
    """
    spectrum = np.fft.rfft(frames.astype(np.float64) / 2**15 * hann_window(), axis=-1)
    mels = np.abs(spectrum) ** 2 @ mel_filters(mel_count).T
    least = max(LEAST_FEATURE, largest - FLOOR_BELOW_LARGEST)
    return np.asarray(np.maximum((np.log10(np.maximum(mels, 1e-10)) + 4) / 4, least))


def log_mel_reference(samples: Array, mel_count: int, largest: float | None = None) -> Array:
    """Whisper's features of a recording at 16 kHz.

    Shapes  samples [n], n above 200; result [n // 160, mel_count]: openai's is its transpose.
    Dtypes  int16 in; float64 inside and out.
    Units   largest: as in features_of_frames; None takes that of these samples.
    """
    padded = framed(samples)
    firsts = HOP_SAMPLES * np.arange(samples.size // HOP_SAMPLES)[:, None]
    features = features_of_frames(padded[firsts + np.arange(FRAME_SAMPLES)], mel_count)
    largest = float(features.max()) if largest is None else largest
    return np.maximum(features, max(LEAST_FEATURE, largest - FLOOR_BELOW_LARGEST))


def _powers(frames: Array, steps: Array) -> Array:
    """[frames, 8] powers of a part's frequencies and their mirrors, rounded as on the core."""
    samples = frames.reshape(-1, STEPS, 4, 2)
    upper, lower = (steps[name].astype(np.int64) for name in ("upper", "lower"))
    upper_sums = np.einsum("fisp,ipxsk->fpxk", samples, upper)
    lower_sums = np.einsum("fisp,ipsk->fpk", samples, lower).reshape(-1, 2, 2, 4)
    even, odd = np.moveaxis(upper_sums + rounded_shift(lower_sums, LOWER_BITS), 1, 0)
    both = rounded_shift(np.concatenate([even + odd, even - odd], axis=2), DROPPED_BITS)
    return np.asarray((both.astype(np.float64) ** 2).sum(axis=1))


def _features(mels: Array, table: Array, mel_count: int) -> Array:
    least = table.view(part_type(mel_count))[0]["parameters"][0].astype(np.float64)
    powers = np.maximum(mels.astype(np.float64), 2.0**-126)
    return np.asarray(np.maximum((np.log10(powers * 2.0**-LOG2_OF_POWER_ONE) + 4) / 4, least))


MEL_ACCUMULATE_I16_F32 = mel_accumulate_i16_f32()
MEL_FINISH_F32 = mel_finish_f32()
MEL_FINISH_F32_I8 = mel_finish_f32_i8()

MEL_CONTRACTS = (MEL_ACCUMULATE_I16_F32, MEL_FINISH_F32, MEL_FINISH_F32_I8)
"""At the sizes tests and the support table use."""
