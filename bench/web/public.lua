-- Reads the pages that everyone may read, in turn.
local paths = {
  "/", "/en", "/projects", "/projects/leiden-goedkoop-scheefwonen", "/projects/leiden-goedkoop-scheefwonen/versions/2",
  "/goals/leiden-passend-wonen", "/questions", "/barriers", "/ledger", "/about", "/en/projects/leiden-goedkoop-scheefwonen",
}
local at = 0

function init(_)
  wrk.headers["Accept-Encoding"] = "gzip"
end

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at])
end

function response(status)
  if status ~= 200 then
    io.stderr:write("not shown: " .. status .. "\n")
  end
end

function done(summary, latency, _)
  io.write(string.format("%.0f requests a second; p50 %.1f ms, p99 %.1f ms, max %.1f ms\n",
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
