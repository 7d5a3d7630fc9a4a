vim.lsp.config('flakeless', { settings = { flakeless = { ['min-confidence'] = 'likely', colour = 'red' } } })
local hints = t.open('tests/test_manifest.py')
local likely = vim.tbl_filter(function(line) return line:find(' WARN ', 1, true) end, t.hints())
t.same('the number of likely hints', 6, #likely)
t.same('the hints', likely, hints)
t.wait('the word about the unknown setting', function()
  return vim.fn.execute('messages'):find('colour', 1, true) ~= nil
end)

-- A restart takes the settings as they are by then.
vim.lsp.config('flakeless', { settings = { flakeless = { ignore = { 'unisolated-file' } } } })
vim.cmd('Flakeless restart')
t.wait('the hints of the ignored rule to go', function() return #t.hints() == 0 and #t.servers() == 1 end)
