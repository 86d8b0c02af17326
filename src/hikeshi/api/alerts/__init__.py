from hikeshi.api.alerts import routes

ROUTERS = (routes.router,)
