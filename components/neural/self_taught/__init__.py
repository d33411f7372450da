"""Self-taught learning: an encoder learns from clips without texts, then from the labelled ones."""
