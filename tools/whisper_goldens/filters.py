"""What openai-whisper's logit filters leave of random logits after random histories."""

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from whisper_pipeline.ops import Array, Tokens
from whisper_pipeline.tokenizer import Tokenizer, tokenizer_for

FILE = "filters.json"
CASES = 300
SAMPLE_BEGIN = 4


def drawn_case(seed: int) -> tuple[Tokenizer, Array, Tokens]:
    """A tokenizer, logits [2, vocabulary] and tokens [2, length] with plausible and odd times.

    Times rise or not, lie anywhere or close together, and are equal now and then.
    """
    draw = np.random.default_rng(seed)
    size = int(draw.choice([51864, 51865, 51866]))
    tokenizer = tokenizer_for(size)
    logits = draw.standard_normal((2, size), np.float32) * np.float32(draw.choice([1, 4]))
    logits[:, tokenizer.first_timestamp :] += np.float32(draw.uniform(-6, 2))
    length = int(draw.integers(0, 9))
    text = draw.integers(0, tokenizer.end_of_text, (2, length))
    last = int(draw.choice([tokenizer.first_timestamp + 2, size]))
    times = draw.integers(tokenizer.first_timestamp, last, (2, length))
    if draw.random() < 0.8:
        times.sort(axis=1)
    sampled = np.where(draw.random((2, length)) < draw.choice([0.2, 0.5, 0.8]), text, times)
    start = draw.integers(0, tokenizer.end_of_text, (2, SAMPLE_BEGIN))
    return tokenizer, logits, np.concatenate([start, sampled], axis=1)


def left_over(logits: Array) -> int:
    """A checksum of which logits are left."""
    return zlib.crc32(np.packbits(np.isneginf(logits)).tobytes())


def openai_filters(tokenizer: Tokenizer, last_initial: int | None) -> list[Any]:
    from whisper import decoding
    from whisper.tokenizer import get_tokenizer

    theirs = get_tokenizer(tokenizer.is_multilingual, num_languages=tokenizer.language_count)
    return [
        decoding.SuppressBlank(theirs, SAMPLE_BEGIN),
        decoding.SuppressTokens(theirs.non_speech_tokens),
        decoding.ApplyTimestampRules(theirs, SAMPLE_BEGIN, last_initial),
    ]


def record(folder: Path) -> None:
    import torch

    checksums = []
    for seed in range(CASES):
        tokenizer, logits, tokens = drawn_case(seed)
        filtered = torch.tensor(logits)
        for logit_filter in openai_filters(tokenizer, 50 if seed % 2 else None):
            logit_filter.apply(filtered, torch.tensor(tokens))
        checksums.append(left_over(filtered.numpy()))
    (folder / FILE).write_text(json.dumps(checksums) + "\n")
