from hikeshi.api.accounts import calendars, organisations, people, rights, site

ROUTERS = (people.router, organisations.router, rights.router, calendars.router, site.router)
