local function report()
  vim.cmd('silent checkhealth flakeless')
  local text = t.text()
  vim.cmd('bwipeout')
  return text
end

t.open('tests/test_labels.py')
local good = report()
t.contains('the report', good, 'flakeless 0.')
t.contains('the report', good, ', at ' .. vim.fn.exepath('flakeless'))
t.contains('the report', good, 'It starts.')
t.contains('the report', good, 'It takes the settings that it is given.')
t.contains('the report', good, 'positions in utf-8, root ' .. vim.fn.getcwd())
t.contains('the report', good, 'tests/test_labels.py: server 1 looks at it')
t.contains('the report', good, 'Nothing is fixed on save.')
for _, bad in ipairs({ 'WARNING', 'ERROR' }) do
  t.check(not good:find(bad, 1, true), 'the report finds fault:\n' .. good)
end
t.same('the servers', 1, #t.servers())

vim.g.flakeless = { fix_on_safe = true }
vim.lsp.config('flakeless', { settings = { flakeless = { colour = 'red' } } })
local mistaken = report()
t.contains('the report', mistaken, 'unknown option `fix_on_safe`')
t.check(mistaken:find('WARNING[^\n]*colour'), 'the unknown setting is not told:\n' .. mistaken)

vim.lsp.config('flakeless', { cmd = { 'no-such-program', 'server' } })
local missing = report()
t.check(missing:find('ERROR There is no program `no%-such%-program`'), 'the program is not missed:\n' .. missing)

vim.lsp.config('flakeless', { cmd = { 'git', 'server' } })
t.contains('the report', report(), 'does not answer as flakeless does')

vim.lsp.enable('flakeless', false)
t.wait('the server to stop', function() return #vim.lsp.get_clients() == 0 end)
local stopped = report()
t.contains('the report', stopped, 'ERROR The server is not enabled.')
t.contains('the report', stopped, 'tests/test_labels.py: no server looks at it')
