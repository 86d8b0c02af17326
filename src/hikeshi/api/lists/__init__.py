from hikeshi.api.lists import routes

ROUTERS = (routes.router,)
