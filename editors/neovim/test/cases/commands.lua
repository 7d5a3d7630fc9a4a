t.open('tests/test_labels.py')

-- project
vim.cmd('Flakeless project')
t.wait_page('project')
t.contains('the project', t.text(), 'pyproject.toml')
t.contains('the project', t.text(), 'conftest.py')
t.keys('q')

-- log
local log = vim.lsp.log.get_filename()
vim.fn.delete(log)
vim.cmd('Flakeless log')
t.wait_told('nothing was logged yet')
vim.fn.writefile({ '[ERROR] "rpc" "flakeless" "stderr" "a word"', '[ERROR] "rpc" "pyright" "stderr" "another"' }, log)
vim.cmd('Flakeless log')
t.same('the log', vim.fn.resolve(log), vim.fn.resolve(vim.api.nvim_buf_get_name(0)))
t.same('its last line about flakeless', 1, vim.fn.line('.'))
t.check(vim.bo.readonly, 'the log can be changed')
vim.cmd.close()

-- What is no command is said, and what may be typed is offered.
vim.cmd('Flakeless dance')
t.wait_told('`:Flakeless dance` does not exist')
vim.cmd('Flakeless restart now')
t.wait_told('`:Flakeless restart` takes no `now`')
local function offered(line) return vim.fn.getcompletion(line, 'cmdline') end
t.same('the commands', { 'baseline', 'check', 'explain', 'fix', 'log', 'project', 'restart' }, offered('Flakeless '))
t.same('the rules', { 'stale-class-after-reload' }, offered('vertical Flakeless explain stale'))
t.same('what follows check', { 'stop' }, offered('Flakeless check '))
t.same('what follows fix', {}, offered('Flakeless fix '))

-- Where the server cannot do it, that is said.
local client = vim.lsp.get_clients()[1]
client.server_capabilities.executeCommandProvider = nil
vim.cmd('Flakeless project')
t.wait_told('of the server is too old: it has no `flakeless.projectModel`')
vim.lsp.enable('flakeless', false)
t.wait('the server to stop', function() return #vim.lsp.get_clients() == 0 end)
vim.cmd('Flakeless project')
t.wait_told("the server is not enabled. Put vim.lsp.enable('flakeless') into your init.lua.")
vim.cmd('bwipeout')
vim.lsp.enable('flakeless')
vim.cmd('Flakeless project')
t.wait_told('it starts with the first Python file that you open')
vim.lsp.config('flakeless', { cmd = { 'no-such-program', 'server' } })
vim.cmd('Flakeless restart')
t.wait_told('there is no program `no-such-program`')
