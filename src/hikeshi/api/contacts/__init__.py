from hikeshi.api.contacts import parties, staff, ways

ROUTERS = (ways.router, parties.router, staff.router)
