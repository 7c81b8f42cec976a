"""Entry point of `./porchlight VERB`; called by the shell wrapper only."""

from local.cli import main

if __name__ == "__main__":
    main()
