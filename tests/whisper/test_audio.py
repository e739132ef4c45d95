"""Audio is read from every container, rate and channel count; what is not audio is refused."""

import io
import os
import sys
import threading
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ironbird.base.errors import UsageError
from whisper_pipeline.audio import AudioWarning, load_audio
from whisper_pipeline.protection import ASF_ENCRYPTIONS, ASF_HEADER, protection_of

av = pytest.importorskip("av", reason="PyAV, of the extra `whisper`, reads the audio")
pytest.importorskip("soxr", reason="soxr, of the extra `whisper`, resamples it")


def tone(seconds: float, rate: int) -> np.ndarray:
    times = np.arange(int(seconds * rate)) / rate
    return np.rint(8000 * np.sin(2 * np.pi * 440 * times)).astype(np.int16)


def wav(samples: np.ndarray, rate: int) -> bytes:
    """A WAV file of int16 samples [frames] or [frames, channels]."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples.tobytes())
    return file.getvalue()


def encoded(container: str, codec: str, rate: int, layout: str, sample_format: str) -> bytes:
    """Two seconds of the tone in another container."""
    file = io.BytesIO()
    channels = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout)
        samples = np.repeat(tone(2, rate)[:, None], channels, axis=1).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=layout)
        frame.sample_rate = rate
        convert = av.AudioResampler(format=sample_format, layout=layout, rate=rate)
        fifo = av.AudioFifo()
        for converted in convert.resample(frame):
            fifo.write(converted)
        for piece in fifo.read_many(stream.codec_context.frame_size or 1024, partial=True):
            output.mux(stream.encode(piece))
        output.mux(stream.encode(None))
    return file.getvalue()


def test_samples_at_16_khz_are_unchanged(tmp_path: Path) -> None:
    samples = np.random.default_rng(0).integers(-32768, 32768, 4000).astype(np.int16)
    path = tmp_path / "a.wav"
    path.write_bytes(wav(samples, 16_000))
    assert np.array_equal(load_audio(path), samples / np.float32(32768))


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_rate_becomes_16_khz(rate: int, channels: int) -> None:
    samples = np.repeat(tone(1, rate)[:, None], channels, axis=1)
    audio = load_audio(wav(samples, rate))
    expected = tone(1, 16_000) / 32768
    assert abs(len(audio) - 16_000) <= 1
    middle = slice(1_000, 15_000)  # soxr's filter rings at the ends
    assert np.abs(audio[middle] - expected[middle]).max() < 2e-3


@pytest.mark.parametrize(
    ("container", "codec", "rate", "layout", "sample_format"),
    [
        ("flac", "flac", 44_100, "stereo", "s16"),
        ("mp4", "aac", 48_000, "mono", "fltp"),
        ("matroska", "pcm_s24le", 48_000, "5.1", "s32"),
        ("ogg", "libopus", 48_000, "stereo", "s16"),
    ],
)
def test_other_containers_hold_the_same_tone(
    container: str, codec: str, rate: int, layout: str, sample_format: str
) -> None:
    audio = load_audio(io.BytesIO(encoded(container, codec, rate, layout, sample_format)))
    spectrum = np.abs(np.fft.rfft(audio[8_000:24_000]))
    assert np.argmax(spectrum) == 440
    assert abs(len(audio) - 32_000) < 2_000


def test_short_audio_and_silence() -> None:
    assert len(load_audio(wav(tone(0.1, 16_000), 16_000))) == 1_600
    assert not load_audio(wav(np.zeros(16_000, np.int16), 44_100)).any()


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    content = wav(tone(1, 16_000), 16_000)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert len(load_audio("-")) == 16_000
    monkeypatch.setattr(sys, "stdin", None)  # As Python has it where a shell closed it.
    with pytest.raises(UsageError) as found:
        load_audio("-")
    assert str(found.value) == "standard input is empty\n  because: it has 0 bytes"


def test_what_is_not_audio(tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_text("not audio at all " * 100)
    with pytest.raises(UsageError) as found:
        load_audio(path)
    assert str(found.value) == (
        f"{path} is not audio that can be read\n  because: Invalid data found when processing input"
    )
    missing = tmp_path / "missing.wav"
    with pytest.raises(UsageError) as found:
        load_audio(missing)
    assert str(found.value) == f"{missing} cannot be read\n  because: No such file or directory"
    missing.write_bytes(b"")
    with pytest.raises(UsageError) as found:
        load_audio(missing)
    assert str(found.value) == f"{missing} is empty\n  because: it has 0 bytes"


@pytest.mark.parametrize(
    "playlist",
    [
        "ffconcat version 1.0\nfile secret.wav\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsecret.wav\n#EXT-X-ENDLIST\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
    ],
    ids=["concat", "m3u8", "sdp"],
)
@pytest.mark.parametrize("given", ["bytes", "path"])
def test_what_only_tells_where_audio_is(
    playlist: str, given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody who sends it to a server reads the server's files, or makes it listen to a network."""
    (tmp_path / "secret.wav").write_bytes(wav(tone(1, 16_000), 16_000))
    monkeypatch.chdir(tmp_path)
    path = Path("list.m3u8")
    path.write_text(playlist)
    name, source = ("list.m3u8", path) if given == "path" else ("the audio", path.read_bytes())
    with pytest.raises(UsageError) as found:
        load_audio(source)
    assert found.value.what == f"{name} is not audio that can be read"


@pytest.mark.parametrize(
    "name",
    ["12:30.wav", "file:x.wav", "img%03d.wav", "-.wav", "caf\udce9.wav", "a\nb.wav", "pipe:0"],
)
def test_odd_names_are_names_of_files(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(wav(tone(1, 16_000), 16_000))
    assert len(load_audio(path)) == 16_000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe(tmp_path: Path) -> None:
    """As shells pass the output of a command: it cannot go back to its start."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(wav(tone(1, 16_000), 16_000),))
    writer.start()
    assert len(load_audio(pipe)) == 16_000
    writer.join()


READABLE = "a path, bytes, a file opened in binary mode, or an array of samples"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (None, f"audio cannot be read from a NoneType\n  try: {READABLE}"),
        ([0.0, 0.5], f"audio cannot be read from a list\n  try: {READABLE}"),
        (io.StringIO("x"), f"audio cannot be read from a StringIO\n  try: {READABLE}"),
        ("a\0b", r"'a\x00b' cannot be read" "\n  because: embedded null byte"),
    ],
    ids=["None", "list", "text file", "null byte"],
)
def test_what_audio_cannot_be_read_from(source: Any, said: str) -> None:
    with pytest.raises(UsageError) as found:
        load_audio(source)
    assert str(found.value) == said


def test_a_file_without_samples() -> None:
    with pytest.raises(UsageError) as found:
        load_audio(wav(np.zeros(0, np.int16), 16_000))
    assert str(found.value) == "the audio holds no audio\n  because: its audio stream has 0 samples"


def test_video_without_sound() -> None:
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as output:
        stream = output.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        picture = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        output.mux(stream.encode(picture))
        output.mux(stream.encode(None))
    with pytest.raises(UsageError) as found:
        load_audio(file.getvalue())
    assert str(found.value) == "the audio holds no audio\n  because: its streams: video"


@pytest.mark.parametrize(
    ("entry", "scheme"),
    [(b"enca", "Common Encryption"), (b"drms", "FairPlay"), (b"aavd", "Audible")],
)
def test_protected_mp4(entry: bytes, scheme: str, tmp_path: Path) -> None:
    """Its description comes after its sound, which is at a 64-bit place."""
    content = encoded("mp4", "aac", 16_000, "mono", "fltp").replace(b"mp4a", entry)
    path = tmp_path / "song.m4p"
    path.write_bytes(content[:28] + b"\0\0\0\1wide" + bytes([*[0] * 7, 16]) + content[28:])
    with pytest.raises(UsageError) as found:
        load_audio(path)
    assert str(found.value) == (
        f"{path} is protected (DRM)\n  because: its sound is encrypted by {scheme}\n"
        "  try: an unprotected copy"
    )


@pytest.mark.parametrize("encryption", ASF_ENCRYPTIONS, ids=["content", "extended"])
def test_protected_wma(encryption: bytes) -> None:
    content = encoded("asf", "pcm_s16le", 16_000, "mono", "s16")
    assert len(load_audio(content)) > 30_000
    with pytest.raises(UsageError) as found:
        load_audio(content[:30] + encryption + content[46:])
    assert str(found.value) == (
        "the audio is protected (DRM)\n  because: its sound is encrypted by Windows Media DRM\n"
        "  try: an unprotected copy"
    )


def test_headers_that_lead_nowhere_are_not_protected() -> None:
    ftyp = b"\0\0\0\x10ftypM4A \0\0\0\0"
    endless = b"\0\0\0\1wide" + b"\xff" * 8
    for rest in (
        b"",
        b"\0\0",
        b"\0\0\0\0free",
        b"\0\0\0\x08free" * 20_000,
        b"\0\0\1\0moovstsd",
        endless,
    ):
        assert protection_of(io.BytesIO(ftyp + rest)) is None
    for rest in (b"", b"\1\2\3", b"\xff" * 8):
        assert protection_of(io.BytesIO(ASF_HEADER + rest)) is None


def test_truncated_audio_keeps_what_came_before() -> None:
    content = encoded("flac", "flac", 16_000, "mono", "s16")
    with pytest.warns(
        AudioWarning, match=r"^the audio is damaged after \d\.\d s; the rest is left"
    ):
        audio = load_audio(content[: len(content) // 2])
    assert 0 < len(audio) < 32_000
