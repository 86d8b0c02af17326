from hikeshi.api.forms import routes

ROUTERS = (routes.router,)
