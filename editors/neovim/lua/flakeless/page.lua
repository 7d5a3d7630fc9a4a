--- A page to read, in a window of its own, which the next page takes over.
local M = {}

local PREFIX = 'flakeless://'

---@return integer?
local function window_with_a_page()
  return vim.iter(vim.api.nvim_tabpage_list_wins(0)):find(function(window)
    return vim.startswith(vim.api.nvim_buf_get_name(vim.api.nvim_win_get_buf(window)), PREFIX)
  end)
end

---@class flakeless.Page
---@field name string
---@field filetype string
---@field text string

---@param page flakeless.Page
---@param mods? vim.api.keyset.cmd.mods Where the window goes, as `:vertical` and the like say.
function M.open(page, mods)
  local window = window_with_a_page()
  if window then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd.split({ mods = mods })
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_win_set_buf(0, buffer)
  -- The window's page of before is wiped by now: its name is free.
  vim.api.nvim_buf_set_name(buffer, PREFIX .. page.name)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, true, vim.split(vim.trim(page.text), '\n'))
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].filetype = page.filetype
  vim.bo[buffer].modifiable = false
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, nowait = true, desc = 'Close the page' })
end

return M
