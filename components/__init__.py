"""Speech recognition parts, free of any workflow tool: see contract.py first."""

from components.migrate import install

install()  # models that were stored by an earlier version import modules by the names of then
