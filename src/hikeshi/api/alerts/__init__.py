from hikeshi.api.alerts import inhibitions, routes

ROUTERS = (routes.router, inhibitions.router)
