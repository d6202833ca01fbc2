"""``python -m qa`` in a checkout: the command line that asks and serves."""

from citadel.qa.cli.commands import main

if __name__ == "__main__":
    main()
