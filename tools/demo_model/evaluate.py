"""Judge a compact file with openai-whisper's own `transcribe`, all options at their defaults.

`python -m tools.demo_model.evaluate SPEECH FILE` makes clips of sentences that were never trained
on, in voices that were trained on and in voices that were not, and prints a table and the gates.
Exit code 0 only if all gates hold.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tools.demo_model.compact_file import write_checkpoint
from tools.demo_model.espeak import SAMPLES_PER_SECOND
from tools.demo_model.scoring import Score, Sound, draw_clip, noise
from tools.demo_model.speech_bank import SpeechBank, load_bank
from whisper_pipeline.ironbird_file import read_ironbird_file

SEED = 9
SENTENCES_IN_CLIP = (1, 2, 4, 8)
TRAINED_VOICES_LIMIT = 0.03
HELD_OUT_VOICES_LIMIT = 0.10
TIMESTAMP_LIMIT_SECONDS = 0.040
SILENCES = 12

Transcribe = Callable[..., dict[str, Any]]
"""A sound, and openai-whisper's options as keywords, to its result."""


def score_bank(bank: SpeechBank, transcribe: Transcribe, clip_count: int) -> dict[int, Score]:
    """A score for every number of sentences in a clip."""
    scores = {}
    for sentence_count in SENTENCES_IN_CLIP:
        generator = np.random.default_rng([SEED, sentence_count])
        scores[sentence_count] = Score()
        for _ in range(clip_count):
            clip = draw_clip(bank, sentence_count, generator)
            scores[sentence_count].add(clip, transcribe(clip.sound))
    return scores


def texts_of_silence(transcribe: Transcribe) -> list[str]:
    """What is heard in digital silence and in noise of 1 to 30 s: should be nothing."""
    generator = np.random.default_rng(SEED)
    sounds = [np.zeros(SAMPLES_PER_SECOND * 10, np.float32)]
    for _ in range(SILENCES - 1):
        sounds.append(noise(int(generator.uniform(1, 30) * SAMPLES_PER_SECOND), generator))
    return [transcribe(sound)["text"].strip() for sound in sounds]


def load_transcribe(compact: Path) -> Transcribe:
    """openai-whisper's `transcribe` with the weights of a compact file."""
    import torch
    import whisper

    with tempfile.TemporaryDirectory() as scratch:
        checkpoint = Path(scratch) / "model.pt"
        write_checkpoint(compact, checkpoint)
        model = whisper.load_model(str(checkpoint), "cpu")
    # Its form of a file has no alignment heads.
    heads = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
    for place in read_ironbird_file(compact).timing_heads:
        heads[place] = True
    model.register_buffer("alignment_heads", heads.to_sparse(), persistent=False)

    def transcribe(sound: Sound, **options: Any) -> dict[str, Any]:
        result: dict[str, Any] = whisper.transcribe(model, sound, fp16=False, **options)
        return result

    return transcribe


def main() -> int:
    """Print the table and the gates."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo_model.evaluate")
    parser.add_argument("speech", type=Path, help="the folder of tools.demo_model.speech_bank")
    parser.add_argument("file", type=Path, help="the compact safetensors file")
    parser.add_argument("--clips", type=int, default=40, help="for each number of sentences")
    options = parser.parse_args()
    transcribe = load_transcribe(options.file)
    print("| voices | sentences | word error rate | exact clips | timestamp error (clips) |")
    print("|---|---|---|---|---|")
    totals = {}
    for voices in ("trained_voices", "held_out_voices"):
        scores = score_bank(load_bank(options.speech / voices), transcribe, options.clips)
        for sentence_count, score in scores.items():
            print(f"| {voices} | {sentence_count} | {score} |", flush=True)
        totals[voices] = sum(scores.values(), Score())
        print(f"| {voices} | all | {totals[voices]} |", flush=True)
    heard = [text for text in texts_of_silence(transcribe) if text]
    trained, held_out = totals["trained_voices"], totals["held_out_voices"]
    gates = (
        ("trained voices", trained.word_error_rate, TRAINED_VOICES_LIMIT),
        ("held-out voices", held_out.word_error_rate, HELD_OUT_VOICES_LIMIT),
        (
            "seconds of timestamp error, trained voices",
            trained.timestamp_error_seconds,
            TIMESTAMP_LIMIT_SECONDS,
        ),
        ("texts heard in silence and noise", len(heard), 0),
    )
    for name, found, limit in gates:
        print(f"{'PASS' if found <= limit else 'FAIL'}  {name}: {found:.3f} <= {limit:g}")
    return 0 if all(found <= limit for _, found, limit in gates) else 1


if __name__ == "__main__":
    sys.exit(main())
