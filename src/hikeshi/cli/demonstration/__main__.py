"""Fills a fresh demonstration; ``hikeshi demo`` runs this before it serves."""

import importlib
import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hikeshi.config.settings")
    django.setup()
    importlib.import_module("hikeshi.cli.demonstration.filling").fill()
