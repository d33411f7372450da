"""Networks on what others learned from much speech: wav2vec 2.0, HuBERT, WavLM, speech embedding."""
