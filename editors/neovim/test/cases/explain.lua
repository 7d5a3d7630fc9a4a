t.open('tests/test_labels.py')
local window = vim.api.nvim_get_current_win()

-- The rule that is named.
vim.cmd('Flakeless explain module-reload')
t.wait_page('rule/module-reload')
t.same('the filetype', 'markdown', vim.bo.filetype)
t.contains('the page', t.text(), 'A test or fixture that reloads a module')

-- That of the hint here, in the same window.
vim.cmd.wincmd('p')
t.go_to(13, 30)
vim.cmd('Flakeless explain')
t.wait_page('rule/stale-class-after-reload')
t.contains('the page', t.text(), 'A check against a class that a reload has replaced')
t.same('the windows', 2, #vim.api.nvim_list_wins())
t.keys('q')
t.same('the windows, without the page', { window }, vim.api.nvim_list_wins())

-- The one that is chosen, where there is no hint.
t.go_to(1, 1)
t.will_select('unisolated-file: ')
vim.cmd('vertical Flakeless explain')
t.wait_page('rule/unisolated-file')
t.check(#t.offered >= 20, 'rules are missing: ' .. vim.inspect(t.offered))
t.same('where the page is', 'row', vim.fn.winlayout()[1])
t.keys('q')

vim.cmd('Flakeless explain no-such-rule')
t.wait_told('no-such-rule')
