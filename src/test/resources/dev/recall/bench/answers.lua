-- Counts what is answered, by status; the beginning of every program for wrk.
answers = {}

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function count(status)
  answers[status] = (answers[status] or 0) + 1
end

function done()
  for _, thread in ipairs(threads) do
    for status, times in pairs(thread:get('answers')) do
      print(string.format('answers %d %d', status, times))
    end
  end
end

-- Everything of a request but its path, its own headers and its body.
function common()
  return ' HTTP/1.1\r\nHost: ' .. wrk.headers['Host'] .. '\r\nContent-Type: application/json\r\n'
end
