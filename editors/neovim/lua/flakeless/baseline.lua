--- `:Flakeless baseline`: accepts all hints that there are.
local say = require('flakeless.say')
local server = require('flakeless.server')

local M = {}

function M.write()
  server.execute({
    command = 'flakeless.writeBaseline',
    arguments = server.this_document,
    on_result = function(answer)
      say.info(('%d hints are accepted in %s'):format(answer.hints, vim.fn.fnamemodify(answer.path, ':~:.')))
    end,
  })
end

return M
