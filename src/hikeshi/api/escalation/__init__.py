from hikeshi.api.escalation import calls, policies

ROUTERS = (policies.router, calls.router)
