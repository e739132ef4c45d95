"""Floor 8: Whisper, from audio to text."""
