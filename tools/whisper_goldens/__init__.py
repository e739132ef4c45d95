"""What openai-whisper answers, recorded for machines without torch.

`python -m tools.whisper_goldens` needs openai-whisper 20250625, and with it torch; it writes
tests/whisper/goldens/.
"""
