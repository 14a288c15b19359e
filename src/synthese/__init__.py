"""Reproducible survey studies: raw answers in, a publishable synthesis out."""

__version__ = "0.1.0"
