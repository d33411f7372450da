"""Heads: what reads an encoder's rows and turns them into outputs."""
