from hikeshi.api.sources import routes

ROUTERS = (routes.router,)
