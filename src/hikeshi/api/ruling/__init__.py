from hikeshi.api.ruling import criteria, routes

ROUTERS = (routes.router, criteria.router)
