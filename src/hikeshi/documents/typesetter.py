"""A process of its own for one PDF: reads the data from standard input, writes the file to standard output.

It is given nothing of the desk: no settings, no database, no key, no environment. What it may use is limited here, and
whoever started it ends it when it takes too long. Run as a file; it imports nothing of ours.
"""

import resource
import sys
from datetime import UTC, datetime

import typst

MEMORY = 2 * 1024**3
SECONDS = 60


def main(template: str, kind: str, *fonts: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stamp, further, data = sys.stdin.buffer.read().decode("utf-8").split("\n", 2)
    compiler = typst.Compiler(
        template,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(fonts)),
        sys_inputs={"data": data, "further": further},
    )
    if kind == "png":
        made = compiler.compile(format="png", ppi=110)
        for page in made if isinstance(made, list) else [made or b""]:
            sys.stdout.buffer.write(len(page).to_bytes(8, "big") + page)
        return
    moment = datetime.fromtimestamp(int(stamp), UTC)
    made = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=moment)
    sys.stdout.buffer.write(b"".join(made) if isinstance(made, list) else made or b"")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except typst.TypstError as error:
        sys.exit(f"{error.message} {error.diagnostic}")
