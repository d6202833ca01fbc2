"""``python -m evaluation`` in a checkout: the command line that measures."""

from citadel.index.interruption import ending_quietly


def main() -> None:
    """Import the command line, which takes a while, and run it."""
    with ending_quietly():
        from citadel.evaluation.cli import main as run  # noqa: PLC0415

        run()


if __name__ == "__main__":
    main()
