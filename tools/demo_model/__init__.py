"""How the small Whisper that ships was made: speech, training, evaluation, file. See README.md."""
