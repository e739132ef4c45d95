"""Every writer's file is openai-whisper's to the byte, recorded and live."""

import gzip
import json
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.errors import ToolError, UsageError
from tools.whisper_goldens.subtitle_files import (
    FILE,
    SWEEP,
    all_files,
    openai_file,
    random_result,
)
from whisper_pipeline.subtitles import SubtitleOptions
from whisper_pipeline.times_as_text import time_as_text
from whisper_pipeline.writers import WRITERS, as_text, write_files, write_whole

RECORDED = json.loads(gzip.decompress((Path(__file__).parent / "goldens" / FILE).read_bytes()))


def test_files_are_the_recorded_ones() -> None:
    for name, seed, with_words, options, extension in all_files():
        result = random_result(seed, with_words=with_words)
        found = as_text(result, extension, SubtitleOptions(**SWEEP[options]))
        assert found == RECORDED[name], name


@pytest.mark.filterwarnings("ignore")
@given(
    seed=st.integers(0, 10**6),
    with_words=st.booleans(),
    extension=st.sampled_from(list(WRITERS)),
    width=st.none() | st.integers(1, 40),
    lines=st.none() | st.integers(1, 3),
    words=st.none() | st.integers(1, 5),
    highlighted=st.booleans(),
)
def test_files_agree_with_openai_whisper(
    openai_whisper: ModuleType,
    seed: int,
    with_words: bool,
    extension: str,
    width: int | None,
    lines: int | None,
    words: int | None,
    highlighted: bool,
) -> None:
    options = {
        "max_line_width": width,
        "max_line_count": lines,
        "max_words_per_line": words,
        "highlight_words": highlighted,
    }
    result = random_result(seed, with_words=with_words)
    found = as_text(result, extension, SubtitleOptions(**options))
    assert found == openai_file(result, extension, options)


def test_a_silent_first_segment_without_words() -> None:
    """openai-whisper takes its empty list of words for those of all segments, and fails."""
    result = random_result(0, with_words=False)
    result["segments"][0]["words"] = []
    assert as_text(result, "srt") == as_text(random_result(0, with_words=False), "srt")


def test_times_as_text() -> None:
    assert time_as_text(3_661.0005) == "01:01:01.000"
    assert time_as_text(59.9996) == "01:00.000"
    assert time_as_text(1.5, always_hours=True, decimal_mark=",") == "00:00:01,500"
    with pytest.raises(UsageError) as found:
        time_as_text(-1)
    assert str(found.value) == "-1 s is not a time in an audio file\n  because: it is negative"


def test_files_are_named_after_the_audio(tmp_path: Path) -> None:
    result = random_result(0, with_words=True)
    written = write_files(result, "talks/monday.talk.mp3", tmp_path / "out")
    assert sorted(path.name for path in written) == [f"monday.talk.{e}" for e in sorted(WRITERS)]
    assert sorted((tmp_path / "out").iterdir()) == sorted(written)
    assert json.loads(written[-1].read_text()) == result


def test_files_that_cannot_be_written(tmp_path: Path) -> None:
    result = random_result(0, with_words=False)
    with pytest.raises(UsageError) as found:
        write_files(result, "a.wav", tmp_path, "doc")
    assert str(found.value) == (
        "the output format 'doc' is not known\n  try: one of txt, vtt, srt, tsv, json, all"
    )
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ToolError) as refused:
        write_files(result, "a.wav", tmp_path / "file", "txt")
    assert str(refused.value) == (
        f"{tmp_path}/file/a.txt cannot be written\n  because: File exists"
    )


def test_a_file_without_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ToolError, match=r"^\. cannot be written\n  because: "):
        write_whole(Path(""), "text")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, *_: object, **__: object) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ToolError, match=r"a.txt cannot be written\n  because: No space left on de"):
        write_files(random_result(0, with_words=False), "a.wav", tmp_path, "txt")
    assert list(tmp_path.iterdir()) == []
