"""The network: front ends, encoders, heads."""
