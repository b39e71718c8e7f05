-- The number that a text of digits means, exactly as a double; nil for anything else.
local function number(text)
  return text and #text < 17 and string.match(text, '^%d+$') and tonumber(text) or nil
end

