from hikeshi.api.contacts import parties, ways

ROUTERS = (ways.router, parties.router)
