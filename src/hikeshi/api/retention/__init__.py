from hikeshi.api.retention import routes

ROUTERS = (routes.router,)
