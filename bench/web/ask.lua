-- Asks questions through the form, as people who are signed in do: ZWERM_COOKIE, ZWERM_CSRF and ZWERM_ORIGIN name the session.
local dimensions = { "wijk", "huishoudtype", "boven_grens", "huurklasse" }
local figures = { "units()", "units(), avg(huur)", "units(), avg(inkomen)", "sum(huur)", "avg(huur), avg(inkomen)" }
local made = 0

local function escape(text)
  return (text:gsub("[^%w]", function(c) return string.format("%%%02X", c:byte()) end))
end

function init(_)
  math.randomseed(os.time())
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  wrk.headers["Cookie"] = os.getenv("ZWERM_COOKIE")
  wrk.headers["Origin"] = os.getenv("ZWERM_ORIGIN")
end

function request()
  made = made + 1
  local one = dimensions[math.random(#dimensions)]
  local other = dimensions[math.random(#dimensions)]
  local by = one == other and one or (one .. ", " .. other)
  local sql = "SELECT " .. by .. ", " .. figures[math.random(#figures)] .. " FROM huishoudens GROUP BY " .. by
  local body = "csrf=" .. os.getenv("ZWERM_CSRF") .. "&party=gemeente-leiden&purpose=housing-policy&what=ask&sql=" .. escape(sql)
  return wrk.format(nil, nil, nil, body)
end

-- an answer is a page of its own: anything but the way to it is a failure
function response(status, headers)
  if status ~= 303 or not (headers["Location"] or headers["location"] or ""):find("/answers/") then
    io.stderr:write("not answered: " .. status .. "\n")
  end
end

function done(_, latency, _)
  io.write(string.format("p50 %.1f ms, p99 %.1f ms, max %.1f ms\n",
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
