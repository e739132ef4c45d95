"""`python -m whisper_pipeline serve`: OpenAI's audio endpoints over one device.

Needs the extra `server` (FastAPI, uvicorn, python-multipart), which nothing else here does.
"""
