"""The API's committed description.

python -m tools.openapi update    write it anew from the routes
python -m tools.openapi check     exit 1 if the routes say something else
"""

import argparse
import os
import sys

import django


def main() -> int:
    parser = argparse.ArgumentParser(description="The API's committed description.")
    parser.add_argument("verb", choices=("update", "check"))
    verb = parser.parse_args().verb
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hikeshi.config.settings")
    django.setup()
    from hikeshi.api import description  # noqa: PLC0415  # its modules need the settings first

    wanted = description.generate()
    if verb == "update":
        description.FILE.write_text(wanted, encoding="utf-8")
    elif not description.FILE.exists() or description.FILE.read_text(encoding="utf-8") != wanted:
        print("src/hikeshi/api/openapi.json is not what the routes say: python -m tools.openapi update")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
