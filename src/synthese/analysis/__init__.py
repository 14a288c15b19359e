"""What a notebook sees: open a wave, describe, cross, compare, release, draw, save.

Belongs here: the few verbs of the field, each calling one room below. Does not: what those rooms do.
"""
