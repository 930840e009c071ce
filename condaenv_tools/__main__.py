"""`python -m condaenv_tools` is the command `condaenv`."""

from condaenv_tools.cli import main

if __name__ == "__main__":
    main()
