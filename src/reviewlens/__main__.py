"""`python -m reviewlens`: the command, where the folder of commands is not on the path."""

from reviewlens.cli import main

if __name__ == "__main__":
    main()
