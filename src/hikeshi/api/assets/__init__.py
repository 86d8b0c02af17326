from hikeshi.api.assets import imports, routes

ROUTERS = (routes.router, imports.router)
