"""Audio of any container, codec, rate and channel count to 16 kHz mono, through PyAV and soxr.

Refuses what is missing, empty, not audio, protected, or in a codec that cannot be opened, and what
only tells where audio is, such as a playlist. Audio that breaks off or is damaged in the middle is
read up to there, with a warning that names the second.
"""

import io
import math
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import ToolError, UsageError
from whisper_pipeline.log_mel import SAMPLE_RATE
from whisper_pipeline.protection import protection_of

STANDARD_INPUT = "-"
LARGEST_INT16 = 32768.0
LARGEST_INT32 = 2147483648.0

MIXED = "s32"
"""To integers libswresample mixes with weights of sum 1, as for openai-whisper; to floats not."""

ALONE = {"protocol_whitelist": ""}
"""Playlists and descriptions of streams lead to no other file and no network: whoever uploads one
would read what only the server may read.
"""

Audio = npt.NDArray[np.float32]


class AudioWarning(UserWarning):
    """The audio could be read in part only."""


def load_audio(
    source: str | Path | bytes | BinaryIO, *, longest_seconds: float = math.inf
) -> Audio:
    """All samples of the first audio stream of a file, of bytes, or of `-`, standard input.

    Shapes  [samples].
    Dtypes  float32, exactly the int16 samples / 32768, as Whisper was trained on them.
    Units   16,000 samples a second; channels are mixed to one as libswresample mixes them.
    Errors  soxr's high quality; openai-whisper resamples by ffmpeg, whose result differs slightly.
    Raises  UsageError for a source without readable audio or with more than `longest_seconds` of
            it, ToolError without PyAV or soxr.
    """
    with _opened(source) as (name, file):
        chunks = list(_up_to(longest_seconds, _resampled(_mono_chunks(file, name)), name))
    if not chunks or not sum(map(len, chunks)):
        raise UsageError(f"{name} holds no audio", because="its audio stream has 0 samples")
    return np.concatenate(chunks).astype(np.float32) / np.float32(LARGEST_INT16)


def audio_and_damage(
    source: str | Path | bytes | BinaryIO, *, longest_seconds: float = math.inf
) -> tuple[Audio, list[str]]:
    """`load_audio`, and what it warns of as text, for those who tell it in their own way.

    Warnings are caught for all threads, so only one may decode audio.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", AudioWarning)
        audio = load_audio(source, longest_seconds=longest_seconds)
    return audio, [str(each.message) for each in caught if each.category is AudioWarning]


def require_packages() -> None:
    """Import PyAV and soxr before anything else takes time; a Ctrl-C during their import, which may
    get lost, then comes before there is anything to interrupt.

    Raises ToolError where one is missing.
    """
    _pyav()
    _soxr()


def _up_to(
    longest_seconds: float, chunks: Iterator[npt.NDArray[np.int16]], name: str
) -> Iterator[npt.NDArray[np.int16]]:
    """Counted as they come: what a file says of its length need not be true."""
    sample_count = 0
    for chunk in chunks:
        sample_count += len(chunk)
        if sample_count > longest_seconds * SAMPLE_RATE:
            raise UsageError(f"{name} is longer than {longest_seconds:g} s", fix="parts of it")
        yield chunk


@contextmanager
def _opened(source: str | Path | bytes | BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    """A name for messages, and a seekable file that is neither empty nor protected."""
    name, file = _named(source)
    with file:
        try:
            whole = file if file.seekable() else io.BytesIO(file.read())
            if not whole.read(1):
                raise UsageError(f"{name} is empty", because="it has 0 bytes")
            whole.seek(0)
            _refuse_protected(whole, name)
        except OSError as error:
            raise UsageError(f"{name} cannot be read", because=error.strerror) from error
        yield name, whole


def _named(source: str | Path | bytes | BinaryIO) -> tuple[str, BinaryIO]:
    """What is read has no name on a disk, unless it is given by path."""
    if source == STANDARD_INPUT:
        return "standard input", io.BytesIO(sys.stdin.buffer.read() if sys.stdin else b"")
    if isinstance(source, str | Path):
        try:
            return str(source), open(source, "rb")
        except OSError as error:
            raise UsageError(f"{source} cannot be read", because=error.strerror) from error
        except ValueError as error:
            raise UsageError(f"{source!r} cannot be read", because=str(error)) from error
    if isinstance(source, bytes):
        return "the audio", io.BytesIO(source)
    if isinstance(source, io.TextIOBase) or not hasattr(source, "read"):
        raise UsageError(
            f"audio cannot be read from a {type(source).__name__}",
            fix="a path, bytes, a file opened in binary mode, or an array of samples",
        )
    return str(getattr(source, "name", "the audio")), io.BytesIO(source.read())


def _refuse_protected(file: BinaryIO, name: str) -> None:
    """And go back to the start."""
    protection = protection_of(file)
    if protection is not None:
        raise UsageError(
            f"{name} is protected (DRM)",
            because=f"its sound is encrypted by {protection}",
            fix="an unprotected copy",
        )
    file.seek(0)


def _mono_chunks(file: BinaryIO, name: str) -> Iterator[tuple[int, Audio]]:
    """The rate and samples of each decoded frame, mixed to one channel."""
    av = _pyav()
    try:
        container = av.open(file, mode="r", metadata_errors="ignore", options=ALONE)
    except av.error.FFmpegError as error:
        raise UsageError(f"{name} is not audio that can be read", because=error.strerror) from error
    with container:
        if not container.streams.audio:
            kinds = ", ".join(sorted({stream.type for stream in container.streams})) or "none"
            raise UsageError(f"{name} holds no audio", because=f"its streams: {kinds}")
        stream = container.streams.audio[0]
        if stream.codec_context is None:
            raise UsageError(
                f"{name} holds audio in a codec that cannot be opened",
                because="FFmpeg has no decoder for it here",
                fix="a copy in another codec",
            )
        yield from _decoded(container, stream, name)


def _decoded(container: Any, stream: Any, name: str) -> Iterator[tuple[int, Audio]]:
    av = _pyav()
    seconds = 0.0
    mixer, setup = cast(Any, None), None
    try:
        for frame in container.decode(stream):
            if (frame.format.name, frame.layout.name, frame.sample_rate) != setup:
                setup = (frame.format.name, frame.layout.name, frame.sample_rate)
                mixer = av.AudioResampler(format=MIXED, layout="mono", rate=frame.sample_rate)
            for mixed in mixer.resample(frame):
                samples = mixed.to_ndarray()[0].astype(np.float32)
                yield frame.sample_rate, samples / np.float32(LARGEST_INT32)
            seconds += frame.samples / frame.sample_rate
    except av.error.FFmpegError as error:
        if not seconds:
            raise UsageError(
                f"{name} holds no audio that can be read", because=error.strerror
            ) from error
        warnings.warn(
            f"{name} is damaged after {seconds:.1f} s; the rest is left out ({error.strerror})",
            AudioWarning,
            stacklevel=2,
        )


def _resampled(chunks: Iterator[tuple[int, Audio]]) -> Iterator[npt.NDArray[np.int16]]:
    """int16 samples at 16 kHz."""
    soxr = _soxr()
    stream, rate = None, None
    for chunk_rate, samples in chunks:
        if chunk_rate != rate:
            if stream is not None:
                yield _to_int16(stream.resample_chunk(samples[:0], last=True))
            rate = chunk_rate
            stream = soxr.ResampleStream(rate, SAMPLE_RATE, 1) if rate != SAMPLE_RATE else None
        yield _to_int16(samples if stream is None else stream.resample_chunk(samples))
    if stream is not None:
        yield _to_int16(stream.resample_chunk(np.empty(0, np.float32), last=True))


def _to_int16(samples: Audio) -> npt.NDArray[np.int16]:
    scaled = np.rint(np.nan_to_num(samples) * LARGEST_INT16)
    return np.asarray(np.clip(scaled, -LARGEST_INT16, LARGEST_INT16 - 1), np.int16)


def _pyav() -> Any:
    try:
        import av
    except ImportError as error:
        raise _missing("av", error) from error
    return av


def _soxr() -> Any:
    try:
        import soxr
    except ImportError as error:
        raise _missing("soxr", error) from error
    return soxr


def _missing(package: str, error: ImportError) -> ToolError:
    return ToolError(
        f"reading audio needs the package {package}",
        because=str(error),
        fix="pip install 'ironbird[whisper]'",
    )
