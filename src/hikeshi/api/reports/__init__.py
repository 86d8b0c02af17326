from hikeshi.api.reports import routes

ROUTERS = (routes.router,)
