--- `vim.g.flakeless`: what a person wants of the plugin. What they want of the server is in `vim.lsp.config`.
local M = {}

local KNOWN = { fix_on_save = 'boolean' }

---@param name string
function M.get(name)
  local options = vim.g.flakeless
  return type(options) == 'table' and options[name] or nil
end

---@return string[]
function M.problems()
  local options = vim.g.flakeless
  if options == nil then return {} end
  if type(options) ~= 'table' then return { '`vim.g.flakeless` is not a table.' } end
  local problems = {}
  for name, value in vim.spairs(options) do
    if not KNOWN[name] then
      problems[#problems + 1] = ('`vim.g.flakeless` has an unknown option `%s`.'):format(name)
    elseif type(value) ~= KNOWN[name] then
      problems[#problems + 1] = ('`%s` in `vim.g.flakeless` is not a %s.'):format(name, KNOWN[name])
    end
  end
  return problems
end

return M
