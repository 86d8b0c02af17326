from hikeshi.api.incidents import assets, configuring, course, files, parts, records, reports, words

ROUTERS = (records.router, course.router, parts.router, assets.router, files.router, reports.router, words.router, configuring.router)
