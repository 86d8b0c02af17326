"""Hikeshi: a desk for incident management and security incident response."""

__version__ = "0.1.0"
