--- `:Flakeless baseline`: accepts all hints that there are.
local say = require('flakeless.say')
local server = require('flakeless.server')

local M = {}

function M.write()
  server.execute({
    command = 'flakeless.writeBaseline',
    arguments = server.this_document,
    on_result = function(answer)
      local files = vim.tbl_map(function(path) return vim.fn.fnamemodify(path, ':~:.') end, answer.paths)
      if #files == 0 then return say.info('there is nothing to accept.') end
      say.info(('%d hints are accepted in %s'):format(answer.hints, table.concat(files, ', ')))
    end,
  })
end

return M
