t.open('tests/test_labels.py')
local progress = 0
vim.api.nvim_create_autocmd('LspProgress', { callback = function() progress = progress + 1 end })
vim.cmd('Flakeless check')
t.wait_told(' files, with ')
t.check(progress >= 2, 'no progress')
t.same('the title', 'flakeless check', vim.fn.getqflist({ title = true }).title)
t.same('where the cursor is', 'quickfix', vim.bo.buftype)
local lines = {}
for _, entry in ipairs(vim.fn.getqflist()) do
  if vim.endswith(vim.fn.bufname(entry.bufnr), 'tests/test_manifest.py') then
    local place = ('%d:%d-%d:%d'):format(entry.lnum, entry.col, entry.end_lnum, entry.end_col)
    local severity = ({ E = 'ERROR', W = 'WARN', I = 'INFO', N = 'HINT' })[entry.type]
    local rule = entry.text:match('%[([%l-]+)%]$')
    lines[#lines + 1] = ('%s %s %s'):format(place, severity, rule)
  end
end
t.same('the hints of a closed file', t.lines(t.expected .. '/hints'), lines)

-- From then on closed files have their hints.
vim.cmd.cclose()
t.wait('the hints of closed files', function() return #vim.diagnostic.get() == #vim.fn.getqflist() end)

vim.cmd('Flakeless check')
vim.cmd('Flakeless check stop')
t.wait_told('the check is stopped')
vim.cmd('Flakeless check stop')
t.wait_told('no check is running')
