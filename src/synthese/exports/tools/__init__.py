"""One module a tool, each with a ``TOOL``; the registry finds them all."""
