from hikeshi.api.assets import imports, intelligence, routes

ROUTERS = (routes.router, imports.router, intelligence.router)
