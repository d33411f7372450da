"""Speech: corpora, features, augmentation, acoustic models, decoding, recognisers, inspection, scoring."""
