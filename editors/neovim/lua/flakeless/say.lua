--- What the person is told.
local M = {}

local function notify(text, level) vim.notify('flakeless: ' .. text, level) end

function M.info(text) notify(text, vim.log.levels.INFO) end

function M.warn(text) notify(text, vim.log.levels.WARN) end

function M.error(text) notify(text, vim.log.levels.ERROR) end

return M
