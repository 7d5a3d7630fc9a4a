--- `:Flakeless check`: the hints of all files, into the quickfix list.
local say = require('flakeless.say')
local server = require('flakeless.server')

local M = {}

local TYPES = { 'E', 'W', 'I', 'N' }
local TOKEN = 'flakeless check'

---@type flakeless.Request? The check that runs, unless its server has ended.
local request
---@type integer?
local progress

local function show(text)
  vim.api.nvim_echo({ { text } }, false, {})
  vim.cmd.redraw()
end

---@return integer # The autocommand that shows the progress.
local function follow()
  local title = 'flakeless'
  return vim.api.nvim_create_autocmd('LspProgress', {
    callback = function(event)
      if event.data.params.token ~= TOKEN then return end
      local value = event.data.params.value
      title = value.title or title
      if value.kind == 'end' then return end
      local share = value.percentage and ('%d%%'):format(value.percentage) or ''
      show(vim.trim(table.concat({ title, value.message or '', share }, ' ')))
    end,
  })
end

--- Quickfix counts bytes; the server counts as it and Neovim agreed.
---@param files { uri: string, diagnostics: lsp.Diagnostic[] }[]
---@param client vim.lsp.Client
---@return vim.quickfix.entry[]
local function entries(files, client)
  local locations = {}
  for _, file in ipairs(files) do
    for _, diagnostic in ipairs(file.diagnostics) do
      locations[#locations + 1] = { uri = file.uri, range = diagnostic.range, diagnostic = diagnostic }
    end
  end
  local items = vim.lsp.util.locations_to_items(locations, client.offset_encoding)
  for _, item in ipairs(items) do
    local diagnostic = item.user_data.diagnostic
    item.text = ('%s [%s]'):format(diagnostic.message, diagnostic.code)
    item.type = TYPES[diagnostic.severity]
    item.user_data = nil
  end
  return items
end

local function to_quickfix(answer, client)
  local items = entries(answer.diagnostics, client)
  vim.fn.setqflist({}, ' ', { title = 'flakeless check', items = items })
  vim.cmd('botright cwindow')
  say.info(
    ('%d hints in %d of %d files, with %d tests'):format(#items, #answer.diagnostics, answer.files, answer.tests)
  )
end

---@return flakeless.Request?
local function running() return request and not request.client:is_stopped() and request or nil end

local function ended()
  request = nil
  if progress then vim.api.nvim_del_autocmd(progress) end
  progress = nil
  show('')
end

function M.check()
  if running() then return say.info('a check is running. `:Flakeless check stop` stops it.') end
  request = server.execute({
    command = 'flakeless.checkWorkspace',
    token = TOKEN,
    on_end = ended,
    on_result = to_quickfix,
  })
  if request then progress = progress or follow() end
end

function M.stop()
  local stopped = running()
  if not stopped then return say.info('no check is running.') end
  stopped.client:cancel_request(stopped.id)
  -- Neovim drops the answer to a request that was cancelled.
  ended()
  say.info('the check is stopped.')
end

return M
