"""Windows of audio states to text: prompt, sampling loop, the best candidate."""

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import UsageError
from whisper_pipeline.decoding_options import DecodingOptions, DecodingResult
from whisper_pipeline.language_detection import detect_language
from whisper_pipeline.logit_filters import filters_for
from whisper_pipeline.ops import Buffer, Tokens
from whisper_pipeline.speech_model import SpeechModel
from whisper_pipeline.token_choice import (
    BeamSearch,
    Candidates,
    Greedy,
    TokenChooser,
    best_of,
    softmax,
)
from whisper_pipeline.tokenizer import Tokenizer, tokenizer_for


def decode(
    model: SpeechModel,
    audio: Buffer,
    audio_count: int,
    options: DecodingOptions,
    random: np.random.Generator,
) -> list[DecodingResult]:
    """Decode `audio_count` windows together, with the same options.

    audio:  what `model.encode` made of the windows.
    random: what sampling above temperature 0 draws from.
    """
    vocabulary = model.dimensions.n_vocab
    tokenizer = tokenizer_for(vocabulary, language=options.language, task=options.task)
    initial = initial_tokens(options, tokenizer, model.dimensions.n_text_ctx)
    start_index = initial.index(tokenizer.start_of_transcript)
    tokens = np.tile(np.array(initial), (audio_count, 1))
    languages, detected = [tokenizer.language or "en"] * audio_count, None
    if options.language is None and tokenizer.is_multilingual:
        detected = detect_language(model, audio, audio_count)
        languages = [max(found, key=lambda code: found[code]) for found in detected]
        tokens[:, start_index + 1] = [tokenizer.specials[f"<|{code}|>"] for code in languages]

    per_audio = options.candidate_count
    chooser: TokenChooser = (
        BeamSearch(audio_count, per_audio, tokenizer.end_of_text, options.patience)
        if options.beam_size is not None
        else Greedy(
            audio_count * per_audio, per_audio, tokenizer.end_of_text, options.temperature, random
        )
    )
    tokens, no_speech = _sample(
        model, audio, np.repeat(tokens, per_audio, axis=0), tokenizer, options, chooser, start_index
    )
    results = [
        _result(candidates, len(initial), tokenizer, options)
        for candidates in chooser.candidates(tokens)
    ]
    return [
        replace(
            result,
            language=languages[index],
            language_probs=None if detected is None else detected[index],
            no_speech_prob=float(no_speech[index * per_audio]),
        )
        for index, result in enumerate(results)
    ]


def initial_tokens(
    options: DecodingOptions, tokenizer: Tokenizer, text_context: int
) -> tuple[int, ...]:
    """What the model is given before the first sampled token: prompt, start sequence, prefix.

    The prompt is cut to its last 223 tokens, for a context of 448. A prefix is cut to the tokens
    that half the context leaves beside `sample_len`; at the default of none left it stays whole,
    as it does in openai-whisper. Raises UsageError for a token that does not exist, and for a
    prefix that leaves no place for text.
    """
    tokens = list(tokenizer.start_sequence)
    if options.without_timestamps:
        tokens.append(tokenizer.no_timestamps)
    half = text_context // 2
    if options.prefix:
        prefix = _tokens_of(options.prefix, tokenizer)
        left = half - (options.sample_len or half)
        tokens += prefix[-left:]
    if options.prompt:
        prompt = _tokens_of(options.prompt, tokenizer)
        tokens = [tokenizer.start_of_previous, *prompt[-(half - 1) :], *tokens]
    if len(tokens) >= text_context:
        raise UsageError(
            "the prefix is too long",
            because=f"with all that comes before the text it makes {len(tokens)} tokens; the model "
            f"has {text_context} positions",
            fix="a shorter prefix",
        )
    return tuple(tokens)


def compression_ratio(text: str) -> float:
    """Bytes of UTF-8 over bytes after zlib."""
    content = text.encode("utf-8")
    return len(content) / len(zlib.compress(content))


def _tokens_of(given: str | Sequence[int], tokenizer: Tokenizer) -> list[int]:
    if isinstance(given, str):
        return tokenizer.encode(" " + given.strip())
    for token in given:
        if not 0 <= token < tokenizer.vocabulary_size:
            raise UsageError(
                f"the token {token} does not exist",
                because=f"the vocabulary has {tokenizer.vocabulary_size} tokens",
            )
    return list(given)


def _sample(
    model: SpeechModel,
    audio: Buffer,
    tokens: Tokens,
    tokenizer: Tokenizer,
    options: DecodingOptions,
    chooser: TokenChooser,
    start_index: int,
) -> tuple[Tokens, npt.NDArray[np.float32]]:
    """All tokens [rows, length], and each row's probability of no speech."""
    row_count, sample_begin = tokens.shape
    text_context = model.dimensions.n_text_ctx
    filters = filters_for(options, tokenizer, model.dimensions, sample_begin)
    state = model.begin(audio, row_count // options.candidate_count, options.candidate_count)
    logits = state.logits(tokens, [start_index, sample_begin - 1])
    no_speech = softmax(logits[:, 0])[:, tokenizer.no_speech]
    source_rows: Sequence[int] = range(row_count)
    for step in range(options.sample_len or text_context // 2):
        if step > 0:
            state.rearrange(source_rows)
            logits = state.logits(tokens[:, -1:], [0])
        last = logits[:, -1]
        with model.ledger.on_host("next token", "logit filters", "token choice"):
            for logit_filter in filters:
                logit_filter.apply(last, tokens)
            choice = chooser.choose(tokens, last)
        tokens, source_rows = choice.tokens, choice.source_rows
        if choice.finished or tokens.shape[1] > text_context:
            break
    return tokens, no_speech


def _result(
    candidates: Candidates, sample_begin: int, tokenizer: Tokenizer, options: DecodingOptions
) -> DecodingResult:
    """The best of an audio's candidates; language and no-speech are the caller's."""
    sampled = [
        text[sample_begin : text.index(tokenizer.end_of_text, sample_begin)]
        for text, _ in candidates
    ]
    best = best_of(candidates, [len(tokens) for tokens in sampled], options.length_penalty)
    tokens, (_, total) = sampled[best], candidates[best]
    text = tokenizer.decode(tokens).strip()
    return DecodingResult(
        language="",
        tokens=tokens,
        text=text,
        avg_logprob=total / (len(tokens) + 1),
        temperature=options.temperature,
        compression_ratio=compression_ratio(text),
    )
