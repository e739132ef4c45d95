"""The report keeps modelled time of the NPU, time of the host and time of simulating apart."""

import json

import numpy as np
import pytest

from tools.whisper_goldens.random_model import (
    random_checkpoint,
    random_features,
    small_dimensions,
)
from whisper_pipeline import detect_language
from whisper_pipeline.host_ops import HostOps
from whisper_pipeline.ledger import Ledger
from whisper_pipeline.model import Whisper
from whisper_pipeline.report import report_of
from whisper_pipeline.transcription import transcribe_features
from whisper_pipeline.transcription_options import TranscriptionOptions

SIMULATOR = "simulator (native, g++ 12.2.0, fast)"


@pytest.fixture
def ledger() -> Ledger:
    """A run of 30 s: two encoder layers on the simulator, the rest on the host."""
    ledger = Ledger()
    ledger.add("features", ["log-mel"], "host", seconds=0.5)
    for _ in range(2):
        ops = ["normalise", "project", "attend_itself", "project"]
        costs = {"configurations": 7, "cycles": 900_000, "ddr_bytes": 3_000_000}
        ledger.add("encoder layers", ops, SIMULATOR, seconds=4.0, **costs)
    ledger.add("next token", ["token choice"], "host", seconds=1.5)
    return ledger


def test_the_table(ledger: Ledger) -> None:
    assert str(report_of(ledger, 30.0)).splitlines() == [
        "stage           where      runs  configurations  NPU ms (modelled)  DDR MB  host s"
        "  share  ops",
        "features        host          1               -                  -       -   0.500"
        "    25%  log-mel",
        "encoder layers  simulator     2              14              1.000     6.0       -"
        "   100%  normalise, project x2, attend_itself",
        "next token      host          1               -                  -       -   1.500"
        "    75%  token choice",
        "",
        "NPU: 1.000 ms modelled at the clock of an 8700G (1.8 GHz), code of class peano; "
        "ran on simulator (native, g++ 12.2.0, fast)",
        "dispatch: 2 launches at 0.15 ms (Npu-Embeddings-XDNA1, measured there) are 0.300 ms",
        "realtime factor of the modelled NPU: 23076.9 (30.0 s of audio / NPU and dispatch)",
        "not modelled: loading 14 configurations",
        "host: 2.000 s measured on this machine, not part of the factor",
        "simulating took 8.000 s of this machine, which says nothing about the chip",
    ]


def test_the_mapping(ledger: Ledger) -> None:
    told = json.loads(json.dumps(report_of(ledger, 30.0, clock="7940HS").as_mapping()))
    works = told.pop("works")
    assert told == {
        "audio_seconds": 30.0,
        "clock": "7940HS",
        "clock_hertz": 1e9,
        "compiler_class": "peano",
        "launches": 2,
        "configurations": 14,
        "npu_seconds_modelled": pytest.approx(1.8e-3),
        "dispatch_seconds_per_launch": 150e-6,
        "dispatch_source": "Npu-Embeddings-XDNA1, measured there",
        "dispatch_seconds": pytest.approx(300e-6),
        "realtime_factor_modelled": pytest.approx(30 / 2.1e-3),
        "host_seconds": 2.0,
        "simulating_seconds": 8.0,
    }
    assert works[1] == {
        "stage": "encoder layers",
        "ops": ["normalise", "project", "attend_itself", "project"],
        "where": SIMULATOR,
        "launches": 2,
        "configurations": 14,
        "cycles": 1_800_000,
        "npu_seconds_modelled": pytest.approx(1.8e-3),
        "ddr_bytes": 6_000_000,
        "simulating_seconds": 8.0,
    }
    assert works[0] == {
        "stage": "features",
        "ops": ["log-mel"],
        "where": "host",
        "computations": 1,
        "host_seconds": 0.5,
    }


def test_a_report_of_the_host_alone_models_nothing() -> None:
    ledger = Ledger()
    ledger.add("features", ["log-mel"], "host", seconds=0.25)
    report = report_of(ledger, 10.0)
    assert (report.realtime_factor, report.npu_seconds) == (None, 0)
    assert str(report).splitlines()[-1] == (
        "host: 0.250 s measured on this machine; nothing ran on an NPU, so none is modelled"
    )


def test_a_report_stays_as_it_was(ledger: Ledger) -> None:
    report = report_of(ledger, 30.0)
    before = str(report)
    ledger.add("features", ["log-mel"], "host", seconds=0.5)
    assert str(report) == before


def test_the_ledger_has_every_stage_of_a_whole_model() -> None:
    """What ran how often follows from the dimensions, the beams and the tokens."""
    dimensions = small_dimensions()
    model = Whisper(random_checkpoint(dimensions), HostOps())
    options = TranscriptionOptions(
        temperature=0.0,
        beam_size=2,
        sample_len=4,
        word_timestamps=True,
        no_speech_threshold=None,
        clip_timestamps="0,5",
    )
    features = np.pad(random_features(dimensions, 1)[0], ((0, 0), (0, 3000)))
    result = transcribe_features(model, features, options)
    windows = len({segment["seek"] for segment in result["segments"]})
    works = {work.stage: work for work in model.ledger.works if work.stage != "prompt"}
    assert windows >= 1
    moved = works.pop("cache")  # of each layer, before a step whose beams have changed places
    assert moved.ops == ("rearrange",)
    assert 1 <= moved.count <= 2 * 3 * windows
    layer = (
        *("normalise", "project", "attend_cache", "project"),
        *("normalise", "project", "attend_pairs", "project"),
        *("normalise", "project", "project"),
    )
    assert {stage: (work.ops, work.count) for stage, work in works.items()} == {
        "convolutions": (("convolve", "convolve"), 1 + windows),
        "encoder layers": (
            (
                *("normalise", "project", "attend_itself", "project"),
                *("normalise", "project", "project"),
            ),
            2 * (1 + windows),
        ),
        "audio norm": (("normalise",), 1 + windows),
        "cross keys and values": (("pairs",), 2 * (1 + 2 * windows)),
        "step": (("embed", *2 * layer, "at", "normalise", "logits"), 1 + 3 * windows),
        "next token": (("logit filters", "token choice"), 4 * windows),
        "word times": (("smoothing", "time warping"), windows),
    }
    prompts = [work for work in model.ledger.works if work.stage == "prompt"]
    assert [work.count for work in prompts if "scores" in work.ops] == [windows]
    assert [work.count for work in prompts if "scores" not in work.ops] == [windows]
    assert all(work.where == "host" and work.seconds > 0 for work in model.ledger.works)


def test_the_language_of_audio() -> None:
    model = Whisper(random_checkpoint(small_dimensions()), HostOps())
    sound = np.random.default_rng(0).standard_normal(16_000).astype(np.float32) / 10
    found = detect_language(sound, model)
    assert len(found) == 99
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)
    works = {work.stage: work.count for work in model.ledger.works}
    assert (works["features"], works["step"]) == (1, 1)
