from hikeshi.api.alerts import benign, inhibitions, routes

ROUTERS = (routes.router, inhibitions.router, benign.router)
