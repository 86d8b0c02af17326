from hikeshi.api.oncall import duty, rotas

ROUTERS = (rotas.router, duty.router)
