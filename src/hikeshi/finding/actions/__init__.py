"""The verbs of finding, and the engine's part."""

from hikeshi.finding.actions.following import begin_anew, follow
from hikeshi.finding.actions.settings import restore_synonyms, set_synonyms

__all__ = ["begin_anew", "follow", "restore_synonyms", "set_synonyms"]
