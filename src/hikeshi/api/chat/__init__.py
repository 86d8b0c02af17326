from hikeshi.api.chat.routes import router

ROUTERS = (router,)
