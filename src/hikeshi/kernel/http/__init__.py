"""The one way for calls that leave the machine: guarded against being led inside (SSRF), short, and small."""

from hikeshi.kernel.http.client import Answer, request
from hikeshi.kernel.http.guard import NOBODY, Barred, Permitted, connect
from hikeshi.kernel.http.holding import until

__all__ = ["NOBODY", "Answer", "Barred", "Permitted", "connect", "request", "until"]
