"""``python -m index`` in a checkout: the command line that builds, changes and verifies indexes."""

from citadel.index.cli.commands import main

if __name__ == "__main__":
    main()
