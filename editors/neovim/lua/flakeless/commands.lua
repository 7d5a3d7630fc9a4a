--- `:Flakeless SUBCOMMAND`
local say = require('flakeless.say')

local M = {}

local RULES_WITHIN_MS = 1000

---@return string[]
local function rules()
  local client = require('flakeless.server').client()
  if not client then return {} end
  local params = { command = 'flakeless.listRules', arguments = {} }
  local answer = client:request_sync('workspace/executeCommand', params, RULES_WITHIN_MS)
  return vim.tbl_map(function(rule) return rule.name end, answer and answer.result or {})
end

---@class flakeless.Subcommand
---@field run fun(argument?: string, mods: vim.api.keyset.cmd.mods)
---@field arguments? fun(): string[] What may follow; where it is missing, nothing.

---@type table<string, flakeless.Subcommand>
local SUBCOMMANDS = {
  baseline = { run = function() require('flakeless.baseline').write() end },
  check = {
    run = function(argument)
      local check = require('flakeless.check')
      if argument == 'stop' then return check.stop() end
      if argument then return say.warn('`:Flakeless check` knows `stop` only.') end
      check.check()
    end,
    arguments = function() return { 'stop' } end,
  },
  explain = {
    run = function(argument, mods) require('flakeless.explain').explain(argument, mods) end,
    arguments = rules,
  },
  fix = { run = function() require('flakeless.fix').fix() end },
  log = { run = function(_, mods) require('flakeless.log').show(mods) end },
  project = { run = function(_, mods) require('flakeless.project').show(mods) end },
  restart = { run = function() require('flakeless.restart').restart() end },
}

---@return string[]
local function names() return vim.iter(vim.spairs(SUBCOMMANDS)):map(function(name) return name end):totable() end

---@param call vim.api.keyset.create_user_command.command_args
function M.run(call)
  local name, argument = call.fargs[1], call.fargs[2]
  local subcommand = SUBCOMMANDS[name]
  if not subcommand then
    return say.warn(('`:Flakeless %s` does not exist. What does: %s.'):format(name or '', table.concat(names(), ', ')))
  end
  if call.fargs[3] or (argument and not subcommand.arguments) then
    return say.warn(('`:Flakeless %s` takes no `%s`.'):format(name, call.fargs[#call.fargs]))
  end
  subcommand.run(argument, call.smods)
end

---@param begun string The word under the cursor.
---@param line string The line up to the cursor.
---@return string[]
function M.complete(begun, line)
  local words = vim.split(line:match('Flakeless%s+(.*)$') or '', '%s+')
  local subcommand = SUBCOMMANDS[words[1]]
  local arguments = #words == 2 and subcommand and subcommand.arguments
  local offered = #words == 1 and names() or arguments and arguments() or {}
  return vim.tbl_filter(function(word) return vim.startswith(word, begun) end, offered)
end

return M
