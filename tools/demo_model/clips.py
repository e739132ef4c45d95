"""The clips that tests transcribe: `python -m tools.demo_model.clips SPEECH`.

Forty, of sentences that were never trained on: half in voices that were trained on, half in voices
that were not, and four without speech. They are Ogg Opus of 16 kbit/s, so that they can lie in the
repository; what was said in each is in `said.json`. The first of a trained voice that lasts near 10
seconds is the clip that ships with the model.
"""

import argparse
import json
import shutil
from pathlib import Path

import av
import numpy as np

from tools.demo_model.espeak import SAMPLES_PER_SECOND
from tools.demo_model.scoring import Clip, Sound, draw_clip, noise
from tools.demo_model.speech_bank import load_bank

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "whisper" / "clips"
SHIPPED = ROOT / "whisper_pipeline" / "demo" / "clip.ogg"
SEED = 40
CLIPS_OF_EACH = 18
LONGEST_SECONDS = 16.0
SHIPPED_SECONDS = (9.5, 10.5)
SILENT_SECONDS = (3.0, 12.0)
OPUS_BITS_PER_SECOND = 16_000


def draw_clips(speech: Path) -> dict[str, Clip]:
    """By name; clips of one to four sentences."""
    clips = {}
    for side in ("trained_voices", "held_out_voices"):
        bank, generator = load_bank(speech / side), np.random.default_rng([SEED, len(side)])
        number = 0
        while number < CLIPS_OF_EACH:
            clip = draw_clip(bank, 1 + number % 4, generator)
            if len(clip.sound) <= LONGEST_SECONDS * SAMPLES_PER_SECOND:
                number += 1
                clips[f"{side}_{number:02}"] = clip
    generator = np.random.default_rng(SEED)
    for number, seconds in enumerate(np.linspace(*SILENT_SECONDS, 4), start=1):
        length = int(seconds * SAMPLES_PER_SECOND)
        sound = noise(length, generator) if number % 2 else np.zeros(length, np.float32)
        clips[f"without_speech_{number}"] = Clip(sound, [])
    return clips


def write_opus(path: Path, sound: Sound) -> None:
    """16 kHz mono float32 to an Ogg Opus file."""
    samples = np.clip(np.rint(sound * 32768), -32768, 32767).astype(np.int16)
    with av.open(str(path), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=SAMPLES_PER_SECOND, layout="mono")
        stream.bit_rate = OPUS_BITS_PER_SECOND
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate = SAMPLES_PER_SECOND
        resampler = av.AudioResampler(
            stream.codec_context.format, "mono", SAMPLES_PER_SECOND, stream.codec_context.frame_size
        )
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))


def main() -> None:
    """Write all clips, what they say, and the one that ships."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo_model.clips")
    parser.add_argument("speech", type=Path, help="the folder of tools.demo_model.speech_bank")
    clips = draw_clips(parser.parse_args().speech)
    FOLDER.mkdir(exist_ok=True)
    shipped = None
    for name, clip in clips.items():
        write_opus(FOLDER / f"{name}.ogg", clip.sound)
        seconds = len(clip.sound) / SAMPLES_PER_SECOND
        if shipped is None and SHIPPED_SECONDS[0] <= seconds <= SHIPPED_SECONDS[1]:
            shipped = name
    if shipped is None:
        raise ValueError(f"no clip lasts {SHIPPED_SECONDS[0]} to {SHIPPED_SECONDS[1]} s")
    shutil.copy(FOLDER / f"{shipped}.ogg", SHIPPED)
    said = {name: " ".join(text for _, _, text in clip.sentences) for name, clip in clips.items()}
    (FOLDER / "said.json").write_text(json.dumps(said, indent=1) + "\n")
    print(f"{len(clips)} clips; {shipped} ships")


if __name__ == "__main__":
    main()
