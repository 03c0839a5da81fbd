"""`python -m bot` is `reelroom`."""

from bot.cli.main import main

if __name__ == "__main__":
    main()
