-- The number that a text of digits means; nil for anything else, and where one more would be past
-- what a double tells exactly.
local function number(text)
  local plain = text == '0' or text and #text < 17 and string.match(text, '^[1-9]%d*$')
  local value = plain and tonumber(text)
  return value and value < 9007199254740991 and value or nil
end

