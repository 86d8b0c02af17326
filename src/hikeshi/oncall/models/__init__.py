"""The rows of duty: who is on call, and who is called after whom."""

from hikeshi.oncall.models.rotas import Absence, Cover, Feed, Rota, RotaVersion, Swap, SwapState

__all__ = ["Absence", "Cover", "Feed", "Rota", "RotaVersion", "Swap", "SwapState"]
