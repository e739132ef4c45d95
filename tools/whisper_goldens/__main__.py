"""Record everything anew, or the parts named on the command line."""

import sys
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "tests" / "whisper" / "goldens"
PARTS = (
    *("log_mel", "int16_log_mel", "tokens", "layers", "filters", "heard", "transcripts"),
    *("subtitle_files", "demo_transcripts"),
)


def main() -> None:
    for part in sys.argv[1:] or PARTS:
        import_module(f"tools.whisper_goldens.{part}").record(FOLDER)
        print("recorded", part)


if __name__ == "__main__":
    main()
