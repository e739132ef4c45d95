"""Whisper's tokens: text, languages, tasks and times.

The text tokens come from the vocabulary; the special tokens follow them, in an order that depends
on the number of languages, so that every special id differs between English-only models (51,864
tokens), multilingual ones (51,865) and large-v3 and turbo (51,866).
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ironbird.base.errors import UsageError
from whisper_pipeline.byte_pairs import BytePairs, byte_pairs
from whisper_pipeline.languages import LANGUAGES, WITHOUT_SPACES, language_code

VOCABULARY_SIZES = {51864: "English only", 51865: "99 languages", 51866: "100 languages"}

SECONDS_PER_TIMESTAMP = 0.02
TIMESTAMP_COUNT = 1501
"""`<|0.00|>` to `<|30.00|>`."""

SIGNS = '"#()*+/:;<=>@[\\]^_`{|}~「」『』'
SIGN_GROUPS = "<< >> <<< >>> -- --- -( -[ (' (\" (( )) ((( ))) [[ ]] {{ }} ♪♪ ♪♪♪"
NOT_SPEECH = (*SIGNS, *SIGN_GROUPS.split())
"""Signs of speaker tags and sound descriptions; suppressed where they are one token."""

MUSIC = "♩♪♫♬♭♮♯"
"""Several tokens each; their first is suppressed. It also begins other symbols of U+2640..267F."""

REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class Tokenizer:
    """The tokens of a model with `vocabulary_size` tokens, for one language and task.

    language, task: None for the English-only models, which have no token for either in their
    start sequence.
    """

    vocabulary_size: int
    language: str | None = None
    task: str | None = None

    @property
    def is_multilingual(self) -> bool:
        """Whether the model knows languages and tasks."""
        return self.vocabulary_size >= 51865

    @property
    def language_count(self) -> int:
        """How many language tokens the vocabulary holds; English-only models carry 99, unused."""
        return self.vocabulary_size - 51765 - int(self.is_multilingual)

    @cached_property
    def byte_pairs(self) -> BytePairs:
        """The text tokens. The last of the multilingual file is empty and never made."""
        return byte_pairs("multilingual" if self.is_multilingual else "gpt2")

    @cached_property
    def specials(self) -> dict[str, int]:
        """The id of every special token by its name."""
        names = [
            "<|endoftext|>",
            "<|startoftranscript|>",
            *(f"<|{code}|>" for code in self.language_codes),
            "<|translate|>",
            "<|transcribe|>",
            "<|startoflm|>",
            "<|startofprev|>",
            "<|nospeech|>",
            "<|notimestamps|>",
            *(f"<|{index * SECONDS_PER_TIMESTAMP:.2f}|>" for index in range(TIMESTAMP_COUNT)),
        ]
        first = len(self.byte_pairs.tokens)
        return {name: first + index for index, name in enumerate(names)}

    @cached_property
    def language_codes(self) -> tuple[str, ...]:
        """The codes of the languages that have a token, in token order."""
        return tuple(LANGUAGES)[: self.language_count]

    @cached_property
    def language_tokens(self) -> tuple[int, ...]:
        """The ids of the language tokens, in the order of `language_codes`."""
        return tuple(self.specials[f"<|{code}|>"] for code in self.language_codes)

    @cached_property
    def end_of_text(self) -> int:
        return self.specials["<|endoftext|>"]

    @cached_property
    def start_of_transcript(self) -> int:
        return self.specials["<|startoftranscript|>"]

    @cached_property
    def translate(self) -> int:
        return self.specials["<|translate|>"]

    @cached_property
    def transcribe(self) -> int:
        return self.specials["<|transcribe|>"]

    @cached_property
    def start_of_language_model(self) -> int:
        return self.specials["<|startoflm|>"]

    @cached_property
    def start_of_previous(self) -> int:
        return self.specials["<|startofprev|>"]

    @cached_property
    def no_speech(self) -> int:
        return self.specials["<|nospeech|>"]

    @cached_property
    def no_timestamps(self) -> int:
        return self.specials["<|notimestamps|>"]

    @cached_property
    def first_timestamp(self) -> int:
        """`<|0.00|>`; every id from here on is a time."""
        return self.specials["<|0.00|>"]

    @cached_property
    def start_sequence(self) -> tuple[int, ...]:
        """Start of transcript, language and task."""
        sequence = [self.start_of_transcript]
        if self.language is not None:
            sequence.append(self.language_tokens[self.language_codes.index(self.language)])
        if self.task is not None:
            sequence.append(self.transcribe if self.task == "transcribe" else self.translate)
        return tuple(sequence)

    @cached_property
    def not_speech_tokens(self) -> tuple[int, ...]:
        """Text tokens of speaker tags and sound descriptions; basic punctuation is not among them.

        A hyphen and a quote are suppressed only where they begin a word.
        """
        suppressed = {self.encode(" -")[0], self.encode(" '")[0]}
        for symbol in (*NOT_SPEECH, *MUSIC):
            for tokens in (self.encode(symbol), self.encode(" " + symbol)):
                if len(tokens) == 1 or symbol in MUSIC:
                    suppressed.add(tokens[0])
        return tuple(sorted(suppressed))

    def encode(self, text: str) -> list[int]:
        """The tokens of `text`, which may not spell a special token."""
        for name in self.specials if "<|" in text else ():
            if name in text:
                raise UsageError(
                    f"the text {text!r} spells the special token {name}",
                    fix="leave it out; special tokens are set by options",
                )
        return self.byte_pairs.encode(text)

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of `tokens` without times; other special tokens appear by name."""
        return self.decode_with_timestamps([t for t in tokens if t < self.first_timestamp])

    def decode_with_timestamps(self, tokens: Sequence[int]) -> str:
        """The text of `tokens` with times written as `<|1.08|>`. Broken UTF-8 becomes U+FFFD."""
        return b"".join(self._bytes_of(token) for token in tokens).decode("utf-8", "replace")

    def _bytes_of(self, token: int) -> bytes:
        if token < self.end_of_text:
            return self.byte_pairs.tokens[token]
        return self._special_names[token - self.end_of_text]

    @cached_property
    def _special_names(self) -> list[bytes]:
        return [name.encode("ascii") for name in self.specials]

    def split_to_words(self, tokens: Sequence[int]) -> tuple[list[str], list[list[int]]]:
        """The words of `tokens` and the tokens of each word.

        Words begin at spaces and punctuation; where the language writes without spaces, every
        whole character (or group of characters that shares a token) is a word.
        """
        characters, character_tokens = self.split_to_characters(tokens)
        if self.language in WITHOUT_SPACES:
            return characters, character_tokens
        words: list[str] = []
        word_tokens: list[list[int]] = []
        for text, own in zip(characters, character_tokens, strict=True):
            special = own[0] >= self.end_of_text
            mark = text.strip() in string.punctuation
            if special or text.startswith(" ") or mark or not words:
                words.append(text)
                word_tokens.append(list(own))
            else:
                words[-1] += text
                word_tokens[-1].extend(own)
        return words, word_tokens

    def split_to_characters(self, tokens: Sequence[int]) -> tuple[list[str], list[list[int]]]:
        """The shortest runs of `tokens` that end at a whole character, as text and as tokens.

        U+FFFD in a run's text is taken for an unfinished character unless the whole text has it
        at the same place.
        """
        whole = self.decode_with_timestamps(tokens)
        texts: list[str] = []
        runs: list[list[int]] = []
        run: list[int] = []
        length = 0
        for token in tokens:
            run.append(token)
            text = self.decode_with_timestamps(run)
            broken_at = text.find(REPLACEMENT)
            if broken_at < 0 or whole[length + broken_at : length + broken_at + 1] == REPLACEMENT:
                texts.append(text)
                runs.append(run)
                length += len(text)
                run = []
        return texts, runs


def tokenizer_for(
    vocabulary_size: int, *, language: str | None = None, task: str | None = None
) -> Tokenizer:
    """The tokenizer of a model, by default for transcribing English.

    language: a code or a name. English-only models have no language and no task.
    Raises UsageError for a language that is unknown, or has no token in this vocabulary, and for
    an unknown task.
    """
    if vocabulary_size not in VOCABULARY_SIZES:
        raise UsageError(
            f"a vocabulary of {vocabulary_size} tokens is not one of Whisper's",
            because=", ".join(f"{size} ({name})" for size, name in VOCABULARY_SIZES.items()),
        )
    if task not in (None, "transcribe", "translate"):
        raise UsageError(f"the task {task!r} is not known", fix="transcribe or translate")
    if vocabulary_size == 51864:
        return _tokenizer(vocabulary_size, None, None)
    code = language_code("en" if language is None else language)
    if list(LANGUAGES).index(code) >= Tokenizer(vocabulary_size).language_count:
        raise UsageError(
            f"the language {language!r} has no token in this model",
            because=f"its vocabulary holds {VOCABULARY_SIZES[vocabulary_size]}",
            fix="large-v3 or turbo, whose vocabulary holds 100",
        )
    return _tokenizer(vocabulary_size, code, task or "transcribe")


@lru_cache
def _tokenizer(vocabulary_size: int, language: str | None, task: str | None) -> Tokenizer:
    return Tokenizer(vocabulary_size, language, task)
