"""The laws of components/contract.py, tried on every part found by walking components/ and in the catalogue.

`parts` finds them; `components.laws` has the laws, and what parts are tried with. A new part, recogniser or
encoder needs no edit here.
"""
