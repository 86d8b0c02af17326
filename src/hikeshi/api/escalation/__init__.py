from hikeshi.api.escalation import calls, history, policies

ROUTERS = (policies.router, history.router, calls.router)
