"""Speech recognition parts, free of any workflow tool: see contract.py first."""
