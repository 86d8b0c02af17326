import sys

from hikeshi.cli.main import main

sys.exit(main())
