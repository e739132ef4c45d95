"""A folder of spoken sentences that training and evaluation draw their windows from.

`speech.npy` holds all sounds one after the other (int16, 16 kHz), `utterances.json` what each one
says, who says it and when its words start. A bank is made whole or not at all.

The voices are espeak-ng's variants without its effects (robots, croaks, whispers). Held-out voices
were chosen before the first training; whole families are held out, not one brother of a family.
"""

import argparse
import hashlib
import json
import random
import tempfile
import time
from dataclasses import asdict, dataclass
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.demo_model import grammar
from tools.demo_model.espeak import SAMPLES_PER_SECOND, Utterance, Voice, speak

ACCENTS = ("en-us", "en")
"""American and British English; espeak-ng calls the British one plainly `en`."""
HELD_OUT_VARIANTS = ("m8", "Annie", "Alex", "belinda", "caleb", "travis", "zac", "kaukovalta")
# fmt: off
TRAINED_VARIANTS = (
    "Alicia", "Andrea", "Andy", "Denis", "Diogo", "Gene", "Gene2", "Henrique", "Hugo", "Jacky",
    "Lee", "Marco", "Mario", "Michael", "Mike", "Nguyen", "Reed", "RicishayMax", "RicishayMax2",
    "RicishayMax3", "adam", "anika", "announcer", "antonio", "aunty", "benjamin", "boris",
    "david", "ed", "edward", "edward2", "f1", "f2", "f3", "f4", "f5", "grandma", "grandpa",
    "gustave", "ian", "iven", "iven2", "iven3", "iven4", "john", "klatt", "klatt2", "klatt3",
    "klatt4", "klatt5", "klatt6", "linda", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "marcelo",
    "max", "michel", "miguel", "mike2", "norbert", "pablo", "paul", "pedro", "quincy", "rob",
    "robert", "sandro", "shelby", "steph", "steph2", "steph3", "victor",
)
# fmt: on
BREATHY_VARIANTS = ("Alicia", "f2", "f3", "f5", "sandro", "victor")
"""Their noise differs from one process to the next; found by comparing two training banks."""
SEEDS = {"training": 1, "trained_voices": 2, "held_out_voices": 3}
COUNTS = {"training": 24_000, "trained_voices": 600, "held_out_voices": 600}


@dataclass(frozen=True)
class Spoken:
    """One sentence of a bank: `length` samples from `first`, as `voice` says it."""

    text: str
    voice: str
    first: int
    length: int
    word_starts: list[tuple[int, int]]


@dataclass(frozen=True, eq=False)
class SpeechBank:
    """All sentences of one folder; the sounds stay on disk until they are touched."""

    utterances: list[Spoken]
    sounds: NDArray[np.int16]

    @cached_property
    def digit_strings(self) -> list[Spoken]:
        """The sentences whose words nothing but the sound can tell, digit after digit."""
        return [spoken for spoken in self.utterances if grammar.is_digit_string(spoken.text)]

    def samples(self, spoken: Spoken) -> NDArray[np.int16]:
        """The sound of one sentence, int16 at 16 kHz."""
        return self.sounds[spoken.first : spoken.first + spoken.length]


def load_bank(folder: Path) -> SpeechBank:
    """Open a bank that `write_bank` made."""
    listed = json.loads((folder / "utterances.json").read_text())
    utterances = [
        Spoken(**{**one, "word_starts": [tuple(start) for start in one["word_starts"]]})
        for one in listed
    ]
    return SpeechBank(utterances, np.load(folder / "speech.npy", mmap_mode="r"))


def write_bank(folder: Path, spoken: list[tuple[str, str, Utterance]]) -> None:
    """Write (text, voice, utterance) as a bank; `folder` must not exist yet."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".speaking-") as scratch:
        private = Path(scratch) / "bank"
        private.mkdir()
        first, listed = 0, []
        for text, voice, utterance in spoken:
            length = len(utterance.samples)
            listed.append(asdict(Spoken(text, voice, first, length, utterance.word_starts)))
            first += length
        np.save(private / "speech.npy", np.concatenate([one.samples for _, _, one in spoken]))
        (private / "utterances.json").write_text(json.dumps(listed))
        private.rename(folder)


def speak_bank(kind: str, count: int) -> list[tuple[str, str, Utterance]]:
    """`count` sentences of one kind of bank, drawn from that kind's seed.

    In a process that has not spoken before, the sound is the same every time, but for the noise
    of BREATHY_VARIANTS.
    """
    chooser = random.Random(SEEDS[kind])
    variants = HELD_OUT_VARIANTS if kind == "held_out_voices" else TRAINED_VARIANTS
    draw = grammar.training_sentence if kind == "training" else grammar.evaluation_sentence
    spoken = []
    for _ in range(count):
        text = draw(chooser)
        voice = Voice(
            accent=chooser.choice(ACCENTS),
            variant=chooser.choice(variants),
            rate=chooser.randint(135, 210),
            pitch=chooser.randint(15, 85),
            pitch_range=chooser.randint(20, 80),
        )
        spoken.append((text, f"{voice.accent}+{voice.variant}", speak(text, voice)))
    return spoken


def main() -> None:
    """Speak the banks that are not there yet.

    Each is spoken by a process of its own: espeak-ng goes on from the state in which it ended the
    sentence before, so that only a bank spoken from the beginning is the same every time.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.demo_model.speech_bank")
    parser.add_argument("folder", type=Path, help="where the banks go: one folder for each kind")
    options = parser.parse_args()
    for kind, count in COUNTS.items():
        if not (options.folder / kind).exists():
            with get_context("spawn").Pool(1) as speaker:
                speaker.apply(_speak_and_write, (options.folder / kind, kind, count))


def _speak_and_write(folder: Path, kind: str, count: int) -> None:
    started = time.monotonic()
    spoken = speak_bank(kind, count)
    write_bank(folder, spoken)
    seconds = sum(len(one.samples) for _, _, one in spoken) / SAMPLES_PER_SECOND
    digest = hashlib.sha256((folder / "speech.npy").read_bytes()).hexdigest()
    print(
        f"{kind}: {count} sentences, {seconds:.0f} s of speech "
        f"in {time.monotonic() - started:.0f} s, sha256 {digest}",
        flush=True,
    )


if __name__ == "__main__":
    main()
