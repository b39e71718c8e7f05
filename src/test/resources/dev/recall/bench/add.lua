-- Adds to one counter.
local text

function init()
  local body = '{"by":5}'
  text = 'POST ' .. wrk.path .. common() .. 'Content-Length: ' .. #body .. '\r\n\r\n' .. body
end

function request()
  return text
end

function response(status)
  count(status)
end
