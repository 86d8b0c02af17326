"""What somebody wrote anew in a reply; the mail they answered, which their program put below it, is left out. Pure."""

import re
from typing import Final

_BELOW: Final = re.compile(
    r"^(?:-{2,}\s*(?:original message|forwarded message|\u5143\u306e\u30e1\u30c3\u30bb\u30fc\u30b8"
    r"|\u8ee2\u9001\u3055\u308c\u305f\u30e1\u30c3\u30bb\u30fc\u30b8)\s*-{2,}|_{20,}|on .{5,200} wrote:"
    r"|\d{4}\u5e74\d{1,2}\u6708\d{1,2}\u65e5.{0,200}:|\d{4}/\d{1,2}/\d{1,2}.{0,200}[:\uff1a])\s*$",
    re.IGNORECASE,
)


def new_part(text: str) -> str:
    """All of it where nothing would be left."""
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines) if _BELOW.match(line.strip()[:400])), len(lines))
    kept = [line for line in lines[:end] if not line.lstrip().startswith((">", "\uff1e"))]
    return "\n".join(kept).strip() or text.strip()
