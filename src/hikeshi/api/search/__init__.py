from hikeshi.api.search import routes

ROUTERS = (routes.router,)
