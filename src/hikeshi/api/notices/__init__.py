from hikeshi.api.notices import routes

ROUTERS = (routes.router,)
