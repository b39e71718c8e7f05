-- The number that a text of digits means, exactly as a double; nil for anything else.
local function number(text)
  local plain = text == '0' or text and #text < 17 and string.match(text, '^[1-9]%d*$')
  return plain and tonumber(text) or nil
end

