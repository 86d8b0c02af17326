"""What happened to rotas, policies and calls. No name or typed text: commitments stand for them."""

from hikeshi.oncall.facts import rotas as rotas
