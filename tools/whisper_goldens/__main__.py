"""Record everything anew."""

from pathlib import Path

from tools.whisper_goldens import int16_log_mel, log_mel, states, tokens

FOLDER = Path(__file__).parents[2] / "tests" / "whisper" / "goldens"


def main() -> None:
    for part in (log_mel, int16_log_mel, tokens, states):
        part.record(FOLDER)
        print("recorded", part.__name__)


if __name__ == "__main__":
    main()
