--- Starting the server again: on command, and by itself when it crashed, a bounded number of times.
local say = require('flakeless.say')

local M = {}

local MOST, WITHIN_SECONDS = 4, 180
local PAUSE_MS = 250
local STOPS_WITHIN_MS = 2000

---@type table<string, integer[]> When the server of a root crashed, in seconds.
local crashes = {}
---@type table<string, boolean>
local given_up = {}

---@return boolean
function M.gave_up() return next(given_up) ~= nil end

--- Counts one more crash.
---@param root string
---@return boolean # Whether there were too many of late.
local function too_many(root)
  local now = os.time()
  local recent = vim.tbl_filter(function(time) return now - time < WITHIN_SECONDS end, crashes[root] or {})
  recent[#recent + 1] = now
  crashes[root] = recent
  return #recent > MOST
end

--- A server that was told to stop ends with 0, or by SIGTERM where it did not listen.
local function is_crash(code, signal) return code ~= 0 or (signal ~= 0 and signal ~= 15) end

---@param config vim.lsp.ClientConfig
---@param buffers integer[]
local function revive(config, buffers)
  if vim.v.exiting ~= vim.NIL then return end
  local root = config.root_dir or ''
  if too_many(root) then
    given_up[root] = true
    return say.error(
      ('the server ended %d times within %d minutes and is not started again. '):format(MOST + 1, WITHIN_SECONDS / 60)
        .. '`:Flakeless log` shows what it said, `:Flakeless restart` starts it.'
    )
  end
  vim.defer_fn(function()
    for _, buffer in ipairs(vim.tbl_filter(vim.api.nvim_buf_is_loaded, buffers)) do
      vim.lsp.start(config, { bufnr = buffer })
    end
  end, PAUSE_MS)
end

--- The `on_exit` of the configuration; Neovim calls it where little else may be called.
---@param code integer
---@param signal integer
---@param client_id integer
function M.after_exit(code, signal, client_id)
  local client = vim.lsp.get_client_by_id(client_id)
  if not client or not is_crash(code, signal) then return end
  local buffers = vim.tbl_keys(client.attached_buffers)
  vim.schedule(function() revive(client.config, buffers) end)
end

--- `:Flakeless restart`, with the settings as they are now.
function M.restart()
  crashes, given_up = {}, {}
  local trouble = require('flakeless.server').trouble()
  if trouble then return say.warn(trouble) end
  -- Also those that are just starting, with the settings of before.
  local clients = vim.lsp.get_clients({ name = 'flakeless', _uninitialized = true })
  for _, client in ipairs(clients) do
    client:stop()
  end
  local deadline = vim.uv.now() + STOPS_WITHIN_MS
  local function start_when_stopped()
    local running = vim.tbl_filter(function(client) return vim.lsp.get_client_by_id(client.id) ~= nil end, clients)
    if #running > 0 and vim.uv.now() < deadline then return vim.defer_fn(start_when_stopped, 20) end
    for _, client in ipairs(running) do
      client.rpc.terminate()
    end
    if vim.lsp.is_enabled('flakeless') then vim.lsp.enable('flakeless') end
  end
  start_when_stopped()
end

return M
