"""``python -m evaluation`` in a checkout: the command line that measures."""

from citadel.evaluation.cli import main

if __name__ == "__main__":
    main()
