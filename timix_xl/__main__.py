"""Run the command line: python -m timix_xl."""

import sys

from timix_xl.cli.main import main

sys.exit(main())
