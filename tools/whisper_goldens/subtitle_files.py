"""Files of random results under a sweep of subtitle options, by openai-whisper's writers."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import numpy as np

FILE = "subtitle_files.json.gz"
EXTENSIONS = ("txt", "vtt", "srt", "tsv", "json")
SWEEP: dict[str, dict[str, Any]] = {
    "plain": {},
    "narrow": {"max_line_width": 18},
    "two_lines": {"max_line_width": 22, "max_line_count": 2},
    "line_count_alone": {"max_line_count": 1},
    "three_words": {"max_words_per_line": 3},
    "words_and_width": {"max_words_per_line": 2, "max_line_width": 30},
    "highlighted": {"highlight_words": True},
    "highlighted_lines": {"highlight_words": True, "max_line_width": 20, "max_line_count": 1},
}
WORDS = (" the", " quick", " <fox>", " 日本", " it's", " a\ttab", " -->", " long-winded", " I", ".")
SEEDS = (0, 1, 2)


def random_result(seed: int, *, with_words: bool) -> dict[str, Any]:
    """A result with pauses, an hour's leap, an empty segment and odd text."""
    draw = np.random.default_rng(seed)
    clock, segments = float(draw.uniform(0, 2)), []
    for index in range(6):
        words = []
        for _ in range(int(draw.integers(0 if index else 1, 9))):
            start = clock + float(draw.choice([0, 0, 0.25, 4]))
            clock = start + float(draw.uniform(0, 0.9))
            word = str(draw.choice(WORDS))
            chance = float(draw.random())
            words.append({"word": word, "start": start, "end": clock, "probability": chance})
        text = "".join(word["word"] for word in words)
        first = words[0]["start"] if words else clock
        segment = {"id": index, "start": first, "end": clock, "text": text, "avg_logprob": -0.5}
        segments.append(segment | ({"words": words} if with_words else {}))
        clock += 3_600 if index == 3 and seed % 2 else 0.5
    return {"text": "".join(s["text"] for s in segments), "segments": segments, "language": "en"}


def all_files() -> list[tuple[str, int, bool, str, str]]:
    """Name, seed, whether there are words, options and extension of every recorded file."""
    names = [
        (seed, with_words, options, extension)
        for seed in SEEDS
        for with_words in (False, True)
        for options in SWEEP
        for extension in EXTENSIONS
        if options == "plain" or (with_words and extension in ("vtt", "srt"))
    ]
    return [("-".join(map(str, key)), *key) for key in names]


def openai_file(result: dict[str, Any], extension: str, options: dict[str, Any]) -> str:
    from whisper.utils import get_writer

    file = io.StringIO()
    get_writer(extension, ".").write_result(
        result, file=file, options=None, **(options if extension in ("vtt", "srt") else {})
    )
    return file.getvalue()


def record(folder: Path) -> None:
    content = {
        name: openai_file(random_result(seed, with_words=words), extension, SWEEP[options])
        for name, seed, words, options, extension in all_files()
    }
    text = json.dumps(content, separators=(",", ":"))
    (folder / FILE).write_bytes(gzip.compress(text.encode("ascii"), mtime=0))
