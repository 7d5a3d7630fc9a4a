--- `:Flakeless log`: Neovim's log of all language servers, where it speaks of this one last.
local say = require('flakeless.say')

local M = {}

---@param mods? vim.api.keyset.cmd.mods
function M.show(mods)
  local path = vim.lsp.log.get_filename()
  if not vim.uv.fs_stat(path) then return say.info('nothing was logged yet, in ' .. path) end
  vim.cmd.sview({ args = { vim.fn.fnameescape(path) }, mods = mods })
  vim.bo.autoread = true
  vim.cmd('normal! G$')
  vim.fn.search('flakeless', 'bc')
end

return M
