--- `source.fixAll.flakeless`: all safe fixes of a file, on command and before it is saved.
local options = require('flakeless.options')
local say = require('flakeless.say')
local server = require('flakeless.server')

local M = {}

local KIND = 'source.fixAll.flakeless'
local ON_COMMAND_MS, ON_SAVE_MS = 10000, 2000

---@param client vim.lsp.Client
---@param method string
---@param params table
---@param deadline integer
---@return any result
---@return string? failure
local function ask(client, method, params, buffer, deadline)
  local answer, failure = client:request_sync(method, params, math.max(deadline - vim.uv.now(), 1), buffer)
  if not answer then return nil, failure end
  return answer.result, answer.err and answer.err.message
end

--- Applies the fixes that the server gives in time.
---@param client vim.lsp.Client
---@param buffer integer
---@param patience_ms integer
---@return boolean? # Whether there were any; nil after a failure, which is said.
local function fix(client, buffer, patience_ms)
  local deadline = vim.uv.now() + patience_ms
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    range = {
      start = { line = 0, character = 0 },
      ['end'] = { line = vim.api.nvim_buf_line_count(buffer), character = 0 },
    },
    context = { only = { KIND }, diagnostics = {} },
  }
  local actions, failure = ask(client, 'textDocument/codeAction', params, buffer, deadline)
  local action = not failure and actions and actions[1]
  if action and not action.edit then
    action, failure = ask(client, 'codeAction/resolve', action, buffer, deadline)
  end
  if failure then return say.warn('nothing was fixed: the server says ' .. failure) end
  if not action or not action.edit then return false end
  vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
  return true
end

--- `:Flakeless fix`
function M.fix()
  local client, reason = server.client()
  if not client then return say.warn(reason) end
  local buffer = vim.api.nvim_get_current_buf()
  if not client.attached_buffers[buffer] then return say.warn('this file is not one that the server looks at.') end
  if fix(client, buffer, ON_COMMAND_MS) == false then
    say.info('nothing here can be fixed without a choice. Code actions on a hint offer what needs one.')
  end
end

---@param buffer integer
function M.before_save(buffer)
  if not options.get('fix_on_save') then return end
  local client = vim.lsp.get_clients({ name = 'flakeless', bufnr = buffer })[1]
  if client then fix(client, buffer, ON_SAVE_MS) end
end

return M
