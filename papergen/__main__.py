"""`python -m papergen`: the command line where no `papergen` command was installed."""

import sys

from papergen.cli import main

if __name__ == "__main__":
    sys.exit(main())
