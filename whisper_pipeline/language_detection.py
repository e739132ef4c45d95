"""Which language a window is in: the likeliest language token right after the start."""

import numpy as np

from ironbird.base.errors import UsageError
from whisper_pipeline.ops import Buffer
from whisper_pipeline.speech_model import SpeechModel
from whisper_pipeline.token_choice import softmax
from whisper_pipeline.tokenizer import tokenizer_for


def detect_language(model: SpeechModel, audio: Buffer, audio_count: int) -> list[dict[str, float]]:
    """For each window of audio states the probability of each language, by code.

    Only language tokens count. Raises UsageError for an English-only model.
    """
    tokenizer = tokenizer_for(model.dimensions.n_vocab)
    if not tokenizer.is_multilingual:
        raise UsageError("an English-only model cannot detect the language", fix="language='en'")
    start = np.full((audio_count, 1), tokenizer.start_of_transcript)
    logits = model.begin(audio, audio_count, 1).logits(start, [0])[:, 0]
    probabilities = softmax(logits[:, list(tokenizer.language_tokens)])
    return [
        dict(zip(tokenizer.language_codes, map(float, row), strict=True)) for row in probabilities
    ]
