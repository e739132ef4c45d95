"""What a person runs around the package: benchmarks and measurements."""
