from hikeshi.api.figures import routes

ROUTERS = (routes.router,)
