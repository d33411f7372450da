"""Readers of what people have: each recognises a layout and makes a Listing of it."""
