local file = 'tests/test_zones.py'
local was = t.read(file)
local expected = t.patched('fix-all.diff', file, was)

t.open(file)
vim.cmd('silent write')
t.same('the file, saved without the option', was, t.read(file))

vim.g.flakeless = { fix_on_save = true }
vim.cmd('silent write')
t.same('the file, fixed on save', expected, t.read(file))
t.check(not vim.bo.modified, 'the buffer is not as it was saved')
vim.cmd('silent write')
t.same('the file, saved again', expected, t.read(file))

t.fresh_project('by-hand')
vim.g.flakeless = nil
t.open(file)
vim.cmd('Flakeless fix')
vim.cmd('silent write')
t.same('the file, fixed by :Flakeless fix', expected, t.read(file))
vim.cmd('Flakeless fix')
t.wait_told('nothing here can be fixed without a choice')
