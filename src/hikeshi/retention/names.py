"""Gives the names in the data file to phrases, which knows codes but no domain."""

from hikeshi.phrases import labels
from hikeshi.retention.catalogue import categories

labels.register("retention", {code: {"ja": one.ja, "en": one.en} for code, one in categories().items()})
