from hikeshi.api.oncall import calendars, duty, rotas

ROUTERS = (rotas.router, duty.router, calendars.router)
