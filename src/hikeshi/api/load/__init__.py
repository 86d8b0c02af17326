from hikeshi.api.load import assigning, routes

ROUTERS = (routes.router, assigning.router)
