--- `:Flakeless explain`: the page of a rule.
local page = require('flakeless.page')
local server = require('flakeless.server')

local M = {}

---@param rule string
---@param mods? vim.api.keyset.cmd.mods
local function open(rule, mods)
  server.execute({
    command = 'flakeless.explainRule',
    arguments = function() return { rule } end,
    on_result = function(answer)
      page.open({ name = 'rule/' .. answer.rule, filetype = 'markdown', text = answer.markdown }, mods)
    end,
  })
end

---@return string? # The rule of the hint under the cursor, else of the first one on its line.
local function rule_here()
  local line, column = vim.fn.line('.') - 1, vim.fn.col('.') - 1
  local hints = vim.tbl_filter(function(it) return it.source == 'flakeless' end, vim.diagnostic.get(0, { lnum = line }))
  local under = vim.iter(hints):find(function(it)
    return it.col <= column and (it.end_lnum > line or column < it.end_col)
  end)
  local hint = under or hints[1]
  return hint and hint.code
end

--- One line of the screen for a rule, behind the number that Neovim's own menu puts before it.
---@param rule { name: string, summary: string }
local function in_a_line(rule)
  local text = rule.name .. ': ' .. rule.summary
  local width = vim.o.columns - 6
  return vim.fn.strcharlen(text) <= width and text or vim.fn.strcharpart(text, 0, width - 1) .. '…'
end

---@param mods? vim.api.keyset.cmd.mods
local function choose(mods)
  server.execute({
    command = 'flakeless.listRules',
    on_result = function(rules)
      vim.ui.select(rules, { prompt = 'Explain which rule?', format_item = in_a_line }, function(rule)
        if rule then open(rule.name, mods) end
      end)
    end,
  })
end

---@param rule? string
---@param mods? vim.api.keyset.cmd.mods
function M.explain(rule, mods)
  rule = rule or rule_here()
  if rule then return open(rule, mods) end
  choose(mods)
end

return M
