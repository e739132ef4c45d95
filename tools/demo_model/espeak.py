"""Text to 16 kHz speech with the time of every word, through espeak-ng's C interface.

The library comes from the development-only wheel `espeakng-loader`; nothing that ships imports it.
Interface: espeak-ng's public header `speak_lib.h`.
"""

import ctypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLES_PER_SECOND = 16_000
ESPEAK_SAMPLES_PER_SECOND = 22_050
AUDIBLE = 0.01
"""The share of the peak below which the ends of an utterance are silence."""
KEPT_BEFORE_SAMPLES = 160
KEPT_AFTER_SAMPLES = 320

OUTPUT_SYNCHRONOUS = 2
UTF8 = 1
POSITION_CHARACTER = 1
RATE, PITCH, RANGE = 1, 3, 4
EVENT_LIST_END, EVENT_WORD = 0, 1


@dataclass(frozen=True, kw_only=True)
class Voice:
    """How to speak. rate: words a minute; pitch and pitch_range: 0..100 of espeak-ng."""

    accent: str
    variant: str
    rate: int = 175
    pitch: int = 50
    pitch_range: int = 50


@dataclass(frozen=True, eq=False)
class Utterance:
    """One spoken sentence without the silence round it.

    samples: int16 at 16 kHz. word_starts: (first character in the text, first sample), in order.
    """

    samples: NDArray[np.int16]
    word_starts: list[tuple[int, int]]


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_milliseconds", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user", ctypes.c_void_p),
        ("id", ctypes.c_int64),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


def speak(text: str, voice: Voice) -> Utterance:
    """Say `text` with `voice`. Raises ValueError for a voice that espeak-ng does not have."""
    synthesizer = _synthesizer()
    samples, words = synthesizer.say(text, voice)
    return _trimmed(_at_16_khz(samples), words)


class _Synthesizer:
    """The one espeak-ng of this interpreter: the library keeps its state in globals."""

    def __init__(self) -> None:
        try:
            import espeakng_loader
        except ImportError as missing:
            raise ImportError(
                "speech needs espeak-ng: pip install 'ironbird[demo-model]'"
            ) from missing
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        home = espeakng_loader.get_data_path()
        self._variants = Path(home) / "voices" / "!v"
        rate = self._library.espeak_Initialize(OUTPUT_SYNCHRONOUS, 0, str(home).encode(), 0)
        if rate != ESPEAK_SAMPLES_PER_SECOND:
            raise OSError(
                f"espeak-ng speaks at {rate} samples a second; {ESPEAK_SAMPLES_PER_SECOND} expected"
            )
        self._pieces: list[NDArray[np.int16]] = []
        self._words: list[tuple[int, float]] = []
        self._callback = _Callback(self._hear)
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, voice: Voice) -> tuple[NDArray[np.int16], list[tuple[int, float]]]:
        """The sound at espeak-ng's rate, and (first character, seconds) of every word."""
        name = f"{voice.accent}+{voice.variant}"
        # espeak-ng refuses an unknown accent, but speaks an unknown variant with its plain voice.
        known = (self._variants / voice.variant).is_file()
        if not known or self._library.espeak_SetVoiceByName(name.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {name!r}")
        for parameter, setting in (
            (RATE, voice.rate),
            (PITCH, voice.pitch),
            (RANGE, voice.pitch_range),
        ):
            self._library.espeak_SetParameter(parameter, setting, 0)
        self._pieces, self._words = [], []
        encoded = text.encode() + b"\0"
        self._library.espeak_Synth(
            encoded, ctypes.c_size_t(len(encoded)), 0, POSITION_CHARACTER, 0, UTF8, None, None
        )
        self._library.espeak_Synchronize()
        return np.concatenate([np.zeros(0, np.int16), *self._pieces]), self._words

    def _hear(self, wave: "ctypes._Pointer[ctypes.c_short]", count: int, events: object) -> int:
        if wave and count > 0:
            self._pieces.append(np.ctypeslib.as_array(wave, (count,)).copy())
        index = 0
        while events[index].type != EVENT_LIST_END:  # type: ignore[index]
            event = events[index]  # type: ignore[index]
            if event.type == EVENT_WORD:
                self._words.append((event.text_position - 1, event.audio_milliseconds / 1000))
            index += 1
        return 0


@cache
def _synthesizer() -> _Synthesizer:
    return _Synthesizer()


def _at_16_khz(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """The same sound without what lies above 8 kHz, by cutting its spectrum."""
    blocks = -(-len(samples) // 441)
    spectrum = np.fft.rfft(samples.astype(np.float64), n=blocks * 441)
    return np.fft.irfft(spectrum[: blocks * 160 + 1], n=blocks * 320) * (320 / 441)


def _trimmed(sound: NDArray[np.float64], words: list[tuple[int, float]]) -> Utterance:
    loud = np.flatnonzero(np.abs(sound) > AUDIBLE * np.abs(sound).max(initial=1.0))
    if not len(loud):
        raise ValueError("espeak-ng said nothing")
    first = max(0, int(loud[0]) - KEPT_BEFORE_SAMPLES)
    kept = sound[first : loud[-1] + KEPT_AFTER_SAMPLES]
    starts = [
        (character, min(max(0, round(seconds * SAMPLES_PER_SECOND) - first), len(kept)))
        for character, seconds in words
    ]
    return Utterance(np.clip(kept, -32768, 32767).astype(np.int16), starts)
