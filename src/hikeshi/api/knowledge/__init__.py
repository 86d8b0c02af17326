from hikeshi.api.knowledge import routes

ROUTERS = (routes.router,)
