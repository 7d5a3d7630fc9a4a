--- `:Flakeless project`: what the server knows of the project.
local server = require('flakeless.server')

local M = {}

---@param mods? vim.api.keyset.cmd.mods
function M.show(mods)
  server.execute({
    command = 'flakeless.projectModel',
    arguments = server.this_document,
    on_result = function(answer)
      require('flakeless.page').open({ name = 'project', filetype = 'text', text = answer.text }, mods)
    end,
  })
end

return M
