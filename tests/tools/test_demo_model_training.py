"""The training goes on where it stopped, and what it writes is the model that it trained."""

import os
import signal
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch: pip install '.[demo-model]'")
pytest.importorskip("safetensors", reason="training needs safetensors")

from tests.tools.demo_model_speech import tone_bank  # noqa: E402
from tools.demo_model import compact_file, export, features, train  # noqa: E402
from tools.demo_model.model import DemoModel  # noqa: E402
from tools.demo_model.speech_bank import SpeechBank  # noqa: E402
from tools.demo_model.train import PHASES, Phase, Run, learning_rate, new_model  # noqa: E402
from tools.demo_model.vocabulary import TOKEN_COUNT, whisper_vocabulary  # noqa: E402
from tools.demo_model.windows import WindowKind, draw_window  # noqa: E402
from whisper_pipeline.dimensions import as_mapping  # noqa: E402
from whisper_pipeline.ironbird_file import read_ironbird_file  # noqa: E402
from whisper_pipeline.log_mel import log_mel  # noqa: E402
from whisper_pipeline.tokenizer import tokenizer_for  # noqa: E402

KIND = WindowKind(seconds=6.0, most_sentences=2, dense_share=0.3)
TINY = (
    Phase(kind=KIND, batch_windows=2, steps=3),
    Phase(kind=KIND, batch_windows=2, steps=2, falling=True),
)


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> SpeechBank:
    return tone_bank(tmp_path_factory.mktemp("speech") / "bank", count=60)


@pytest.fixture(scope="module")
def model() -> DemoModel:
    torch.manual_seed(1)
    return new_model(whisper_vocabulary()).eval()


def test_a_run_that_was_stopped_ends_as_one_that_was_not(bank: SpeechBank, tmp_path: Path) -> None:
    whole = Run(bank, phases=TINY)
    before = [whole.advance() for _ in range(5)]
    assert whole.finished
    first = Run(bank, phases=TINY)
    after = [first.advance() for _ in range(2)]
    first.save(tmp_path / "checkpoint.pt")
    second = Run(bank, phases=TINY)
    second.resume(tmp_path / "checkpoint.pt")
    after += [second.advance() for _ in range(3)]
    assert after == before
    for name, tensor in whole.model.state_dict().items():
        assert torch.equal(tensor, second.model.state_dict()[name]), name
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.pt"]


def test_the_command_goes_on_where_a_signal_stopped_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tone_bank(tmp_path / "speech" / "training")
    monkeypatch.setattr(train, "REPORT_STEPS", 1)
    monkeypatch.setattr(train, "PHASES", TINY)
    once = Run.advance

    def stopped(run: Run) -> dict[str, float]:
        os.kill(os.getpid(), signal.SIGTERM)
        return once(run)

    monkeypatch.setattr(Run, "advance", stopped)
    command = [str(tmp_path / "speech"), str(tmp_path / "run"), "--threads", "1"]
    train.main(command)
    monkeypatch.setattr(Run, "advance", once)
    train.main(command)
    assert capsys.readouterr().out == "stopped after step 1\nfinished after step 5\n"
    lines = (tmp_path / "run" / "progress.tsv").read_text().splitlines()
    assert [line.split("\t")[0] for line in lines] == [f"step {step}" for step in range(1, 6)]


def test_the_rate_rises_stays_and_falls_to_nothing() -> None:
    steps = sum(phase.steps for phase in PHASES)
    rates = [learning_rate(step) for step in range(steps)]
    assert rates[0] < rates[100] < rates[300] == rates[PHASES[0].steps]
    falling = rates[-PHASES[-1].steps :]
    assert falling == sorted(falling, reverse=True)
    assert 0 < falling[-1] < 1e-6
    with pytest.raises(ValueError, match=rf"^step {steps} is after the last of {steps} steps$"):
        learning_rate(steps)


def test_the_compact_file_expands_to_the_trained_model(model: DemoModel, tmp_path: Path) -> None:
    compact, checkpoint = tmp_path / "demo.safetensors", tmp_path / "demo.pt"
    compact_file.write_compact(model, whisper_vocabulary(), compact)
    compact_file.write_checkpoint(compact, checkpoint)
    assert compact.stat().st_size < export.LARGEST_BYTES
    loaded = torch.load(checkpoint, weights_only=True)
    state = loaded["model_state_dict"]
    assert loaded["dims"] == as_mapping(compact_file.dimensions(model))
    assert {name for name in model.state_dict() if not name.startswith("ctc.")} == set(state)
    embedding = model.decoder.token_embedding.weight.half()
    ids = whisper_vocabulary().ids
    assert torch.equal(state[compact_file.EMBEDDING][ids], embedding[:-1])
    unused = sorted(set(range(TOKEN_COUNT)) - set(ids))
    assert torch.equal(
        state[compact_file.EMBEDDING][unused], embedding[-1:].expand(len(unused), -1)
    )


def test_a_training_checkpoint_is_exported_with_its_step(bank: SpeechBank, tmp_path: Path) -> None:
    run = Run(bank, phases=TINY)
    run.advance()
    run.save(tmp_path / "checkpoint.pt")
    assert export.export(tmp_path / "checkpoint.pt", tmp_path / "demo.safetensors") == 1
    shipped = read_ironbird_file(tmp_path / "demo.safetensors")
    assert shipped.alignment_heads == ((1, 0),)
    assert shipped.dimensions == compact_file.dimensions(run.model)


def test_features_are_those_of_the_pipeline() -> None:
    sound = np.random.default_rng(4).normal(0, 0.1, (2, 48_000)).astype(np.float32)
    sound[1, 20_000:] = 0
    for one, found in zip(sound, features.log_mel(torch.from_numpy(sound)), strict=True):
        np.testing.assert_allclose(found, log_mel(one, 80), atol=1e-4)


def test_the_expanded_model_computes_the_same_in_openai_whisper(
    model: DemoModel, tmp_path: Path
) -> None:
    whisper = pytest.importorskip("whisper", reason="needs openai-whisper")
    vocabulary = whisper_vocabulary()
    compact_file.write_compact(model, vocabulary, tmp_path / "demo.safetensors")
    compact_file.write_checkpoint(tmp_path / "demo.safetensors", tmp_path / "demo.pt")
    theirs = whisper.load_model(str(tmp_path / "demo.pt"), "cpu")
    rows = torch.tensor([[vocabulary.row[token] for token in (50_258, 50_259, 50_359, 50_364)]])
    mel = torch.randn(1, 80, 3000)
    with torch.no_grad():
        found, _ = model.decoder(rows, model.encoder(mel, torch.zeros(1, dtype=torch.int64)))
        expected = theirs(mel, torch.tensor(vocabulary.ids)[rows])
    np.testing.assert_allclose(
        found[..., :-1], expected[..., vocabulary.ids], atol=5e-3 * expected.abs().max()
    )
    together = expected[..., 0] + np.log(vocabulary.unused_count)
    np.testing.assert_allclose(found[..., -1], together, atol=0.02)


def test_the_last_phase_hears_many_sentences_that_end_before_the_window_does(
    bank: SpeechBank,
) -> None:
    kind = PHASES[-1].kind
    counts = []
    for seed in range(60):
        window = draw_window(bank, whisper_vocabulary(), kind, np.random.default_rng(seed))
        text = tokenizer_for(TOKEN_COUNT).decode(
            [whisper_vocabulary().ids[row] for row in window.spoken]
        )
        last = max((end for span in window.spans if span for end in span), default=0.0)
        if not window.cut and last < 0.9 * kind.seconds:
            counts.append(text.count(".") + text.count("?"))
    assert {5, 6, 7, 8} <= set(counts)
