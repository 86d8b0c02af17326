from hikeshi.api.canary.routes import router

ROUTERS = (router,)
