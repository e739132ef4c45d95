"""Whisper composed of designs. Empty until the designs it composes exist."""
