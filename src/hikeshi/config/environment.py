"""What the site's environment says, read once. Every setting is a variable whose name begins with HIKESHI_."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


class BadEnvironment(Exception):
    """A HIKESHI_ variable cannot be used; the message says which and why."""


def text(name: str, default: str = "") -> str:
    """The variable, or the content of the file that ``<name>_FILE`` names (how secrets reach a container)."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def number(name: str, default: int) -> int:
    raw = text(name)
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError as error:
        raise BadEnvironment(f"{name} must be a whole number, not {raw!r}") from error


def switch(name: str, *, default: bool = False) -> bool:
    raw = text(name).lower()
    if raw in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if raw == "" else raw in {"1", "true", "yes", "on"}
    raise BadEnvironment(f"{name} must be yes or no, not {raw!r}")


@dataclass(frozen=True, slots=True)
class Environment:
    data: Path
    key_file: Path
    host: str
    port: int
    database_url: str
    public_url: str
    certificate: str
    certificate_key: str
    trusted_proxy: str
    outgoing_proxy: str
    language: str
    time_zone: str
    file_megabytes: int
    case_megabytes: int
    spare_megabytes: int
    debug: bool

    @property
    def loopback(self) -> bool:
        return self.host in {"127.0.0.1", "::1", "localhost"}

    @property
    def own_address(self) -> str:
        """Where this machine reaches the desk it serves."""
        scheme = "https" if self.certificate else "http"
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104  # asked of, not listened on
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}"


def read() -> Environment:
    """Raises BadEnvironment."""
    data = Path(text("HIKESHI_DATA", "./var")).resolve()
    # Beside the data, never inside: a copy of the data folder alone must not open what is sealed (DESIGN §6.14).
    key_file = Path(text("HIKESHI_KEY_FILE", str(data.with_name(data.name + ".key")))).resolve()
    return Environment(
        data=data,
        key_file=key_file,
        host=text("HIKESHI_HOST", "127.0.0.1"),
        port=number("HIKESHI_PORT", 8440),
        database_url=text("HIKESHI_DATABASE_URL"),
        public_url=text("HIKESHI_PUBLIC_URL"),
        certificate=text("HIKESHI_CERTIFICATE"),
        certificate_key=text("HIKESHI_CERTIFICATE_KEY"),
        trusted_proxy=text("HIKESHI_TRUSTED_PROXY"),
        outgoing_proxy=text("HIKESHI_OUTGOING_PROXY"),
        language=text("HIKESHI_LANGUAGE", "ja"),
        time_zone=text("HIKESHI_TIME_ZONE", "Asia/Tokyo"),
        file_megabytes=number("HIKESHI_FILE_MEGABYTES", 2_000),
        case_megabytes=number("HIKESHI_CASE_MEGABYTES", 20_000),
        spare_megabytes=number("HIKESHI_SPARE_MEGABYTES", 500),
        debug=switch("HIKESHI_DEBUG"),
    )


def master_key(path: Path) -> str:
    """The site's master key, made on first use with mode 0600. Two processes starting at once agree on one key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # the other process was first; its key counts
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
