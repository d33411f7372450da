"""The laws of components/contract.py, tried on every part found by walking components/ and in the catalogue.

`examples` has what parts are given, `parts` finds them, `laws` says in one sentence which part broke which
promise; the tests apply these. A new part, recogniser or encoder needs no edit here.
"""
