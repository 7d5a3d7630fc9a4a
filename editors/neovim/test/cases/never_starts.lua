-- A program that ends at once is started five times in all.
local log = vim.fn.tempname()
vim.lsp.config('flakeless', { cmd = { 'sh', '-c', 'echo started >>"$1"; exit 3', 'sh', log } })
vim.cmd.edit('tests/test_labels.py')
t.wait_told('the server ended 5 times within 3 minutes and is not started again')
vim.wait(600)
t.same('the starts', 5, #vim.fn.readfile(log))
