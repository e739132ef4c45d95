"""What `whisper_pipeline.npu_ops` is made of: memory, weights and launches of a device."""
