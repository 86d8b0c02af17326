"""Reads of duty, by noun."""
