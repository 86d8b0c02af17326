from hikeshi.api.mailboxes.routes import router

ROUTERS = (router,)
