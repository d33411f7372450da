"""Parts of a package of its own, as tests install it."""
