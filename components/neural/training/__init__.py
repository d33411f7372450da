"""Training: data, batches, one training loop, checkpoints."""
