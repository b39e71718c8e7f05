-- Takes locks and releases them, each free when it is asked for. The answer to a DELETE does not
-- name its lock, so the names come again in their order: long after, since there are many more than
-- connections.
local NAMES = 4096
local ask = '{"ttl_ms":30000}'
local post, get, delete, run
local last = 0
local names, tokens, held = {}, {}, 0

function init(arguments)
  run = arguments[1]
  post = 'POST ' .. wrk.path .. '/'
  delete = 'DELETE ' .. wrk.path .. '/'
  get = common() .. 'Content-Length: ' .. #ask .. '\r\n\r\n' .. ask
end

function request()
  if held == 0 then
    last = last % NAMES + 1
    return post .. run .. '-' .. last .. get
  end
  local name, token = names[held], tokens[held]
  held = held - 1
  return delete .. name .. ' HTTP/1.1\r\nHost: ' .. wrk.headers['Host'] .. '\r\nIf-Match: "' .. token .. '"\r\n\r\n'
end

function response(status, headers, text)
  count(status)
  if status == 201 then
    held = held + 1
    names[held] = text:match('"name":"([^"]*)"')
    tokens[held] = text:match('"token":"([^"]*)"')
  end
end
