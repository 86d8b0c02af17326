from hikeshi.api.incidents import course, parts, records, words

ROUTERS = (records.router, course.router, parts.router, words.router)
