vim.lsp.config('flakeless', { settings = { flakeless = { ['min-confidence'] = 'likely', colour = 'red' } } })
local likely = vim.tbl_filter(function(line) return line:find(' WARN ', 1, true) end, t.lines(t.expected .. '/hints'))
t.open('tests/test_manifest.py')
t.wait('the likely hints alone', function() return vim.deep_equal(t.hints(), likely) end)
t.wait('the word about the unknown setting', function()
  return vim.fn.execute('messages'):find('colour', 1, true) ~= nil
end)

-- A restart takes the settings as they are by then.
vim.lsp.config('flakeless', { settings = { flakeless = { ignore = { 'unisolated-file' } } } })
vim.cmd('Flakeless restart')
t.wait('the hints of the ignored rule to go', function() return #t.hints() == 0 and #t.servers() == 1 end)

-- Closed files, where that is asked for.
local function shown_files()
  local files = {}
  for _, hint in ipairs(vim.diagnostic.get()) do
    files[vim.fs.basename(vim.api.nvim_buf_get_name(hint.bufnr))] = true
  end
  return vim.tbl_keys(files)
end
t.same('the files with hints', {}, shown_files())
vim.lsp.config('flakeless', { settings = { flakeless = { ['diagnostic-mode'] = 'workspace' } } })
vim.cmd('Flakeless restart')
t.wait('the hints of closed files', function() return vim.list_contains(shown_files(), 'test_labels.py') end)
