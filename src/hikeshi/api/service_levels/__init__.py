from hikeshi.api.service_levels import routes

ROUTERS = (routes.router,)
