from hikeshi.api.oncall import calendars, duty, rotas, subscribed

ROUTERS = (rotas.router, duty.router, calendars.router, subscribed.router)
