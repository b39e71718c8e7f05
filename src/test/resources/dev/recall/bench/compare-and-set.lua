-- Replaces documents, each with the tag it was last answered with, so that every PUT must succeed.
-- wrk does not tell which connection asks: a document is sent again only after its answer, which
-- names it, has come. So there are as many documents as connections.
local body = '{"user":"123","roles":["reader","writer"],"seen":1700000000,"cart":[17,4,42]}'
local begin, rest, run
local created = 0
local keys, tags, free = {}, {}, 0

function init(arguments)
  run = arguments[1]
  begin = 'PUT ' .. wrk.path .. '/'
  rest = common() .. 'Content-Length: ' .. #body .. '\r\n'
  body = '\r\n\r\n' .. body
end

function request()
  if free == 0 then
    created = created + 1
    return begin .. run .. '-' .. created .. rest .. 'If-None-Match: *' .. body
  end
  local key, tag = keys[free], tags[free]
  free = free - 1
  return begin .. key .. rest .. 'If-Match: ' .. tag .. body
end

function response(status, headers, text)
  count(status)
  if status < 300 then
    free = free + 1
    keys[free] = text:match('"key":"([^"]*)"')
    tags[free] = headers['etag']
  end
end
