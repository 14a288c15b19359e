"""``python -m synthese``: the command line, where its script is not on the path."""

from synthese.cli import main

main()
