--- The server that a command speaks to, and what to say where there is none.
local buffers = require('flakeless.buffers')
local say = require('flakeless.say')

local M = {}

---@return string? # The program, as it is or would be started; nil where a function starts it.
function M.program()
  local command = (vim.lsp.config.flakeless or {}).cmd
  return type(command) == 'table' and command[1] or nil
end

---@return string? # What is wrong, and what to do about it.
function M.trouble()
  local program = M.program()
  if program and vim.fn.executable(program) == 0 then
    return ('there is no program `%s`. Install flakeless, or say where it is: '):format(program)
      .. "vim.lsp.config('flakeless', { cmd = { '/path/to/flakeless', 'server' } })."
  end
  if not vim.lsp.is_enabled('flakeless') then
    return "the server is not enabled. Put vim.lsp.enable('flakeless') into your init.lua."
  end
  if require('flakeless.restart').gave_up() then
    return 'the server ended too often and is not started any more. '
      .. '`:Flakeless log` shows what it said, `:Flakeless restart` starts it.'
  end
end

---@return string # Why no server runs.
local function absence()
  local trouble = M.trouble()
  if trouble then return trouble end
  if #vim.lsp.get_clients({ name = 'flakeless', _uninitialized = true }) > 0 then
    return 'the server is just starting. Try again in a moment.'
  end
  if #buffers.open() == 0 then
    return 'the server is not running: it starts with the first Python file that you open.'
  end
  return 'the server is not running. `:Flakeless restart` starts it, `:checkhealth flakeless` says more.'
end

--- The server of this buffer, else the only one there is.
---@return vim.lsp.Client?
---@return string? # Why there is none.
function M.client()
  local here = vim.lsp.get_clients({ name = 'flakeless', bufnr = 0 })[1]
  if here then return here end
  local all = vim.lsp.get_clients({ name = 'flakeless' })
  if #all == 1 then return all[1] end
  if #all == 0 then return nil, absence() end
  return nil, 'several projects are open. Say it in a file of the one that you mean.'
end

--- The URI of this buffer, where the server knows it.
---@param client vim.lsp.Client
---@return string[]
function M.this_document(client)
  return client.attached_buffers[vim.api.nvim_get_current_buf()] and { vim.uri_from_bufnr(0) } or {}
end

---@param client vim.lsp.Client
---@param command string
---@return string? # Why the server cannot do it.
local function inability(client, command)
  local provider = client.server_capabilities.executeCommandProvider
  if vim.list_contains(provider and provider.commands or {}, command) then return end
  local version = client.server_info and client.server_info.version or 'that runs'
  return ('version %s of the server is too old: it has no `%s`. Update flakeless, then `:Flakeless restart`.'):format(
    version,
    command
  )
end

---@class flakeless.Execution
---@field command string
---@field arguments? fun(client: vim.lsp.Client): any[]
---@field token? string Under which the server tells its progress.
---@field on_result fun(result: any, client: vim.lsp.Client)
---@field on_end? fun() Before the result, and where a failure comes in its place.

---@class flakeless.Request
---@field client vim.lsp.Client
---@field id integer

--- Has the server execute a command. Whatever hinders it is said.
---@param execution flakeless.Execution
---@return flakeless.Request?
function M.execute(execution)
  local client, reason = M.client()
  if client then reason = inability(client, execution.command) end
  if not client or reason then return say.warn(reason) end
  local params = {
    command = execution.command,
    arguments = execution.arguments and execution.arguments(client) or {},
    workDoneToken = execution.token,
  }
  local sent, id = client:request('workspace/executeCommand', params, function(failure, result)
    if execution.on_end then execution.on_end() end
    if failure then return say.error(failure.message) end
    execution.on_result(result, client)
  end)
  if not sent then return say.warn('the server has just ended. Try again in a moment.') end
  return { client = client, id = id }
end

return M
