-- Posts the body that Program puts before this.
local text

function init()
  text = 'POST ' .. wrk.path .. common() .. 'Content-Length: ' .. #body .. '\r\n\r\n' .. body
end

function request()
  return text
end

function response(status)
  count(status)
end
