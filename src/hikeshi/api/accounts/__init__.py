from hikeshi.api.accounts import organisations, people, rights

ROUTERS = (people.router, organisations.router, rights.router)
