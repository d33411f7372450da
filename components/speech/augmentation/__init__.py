"""Augmentation: the policy that all recognisers share, altered clips, a recogniser trained on copies."""
