local doc = vim.api.nvim_get_runtime_file('doc/flakeless.txt', false)[1]
vim.cmd.helptags(vim.fs.dirname(doc)) -- Fails on a tag that is there twice.

for _, tag in ipairs({ 'flakeless', ':Flakeless', 'g:flakeless', 'flakeless-settings' }) do
  vim.cmd.help(tag)
  t.same('the page of ' .. tag, doc, vim.api.nvim_buf_get_name(0))
end
for number, line in ipairs(vim.fn.readfile(doc)) do
  t.check(vim.fn.strdisplaywidth(line) <= 78, ('line %d is too wide: %s'):format(number, line))
end

-- Whatever the page points to is there, in it or in Neovim's own help.
for link in t.read(doc):gmatch('|([^|%s]+)|') do
  t.check(#vim.fn.getcompletion(link, 'help') > 0, 'there is no help on ' .. link)
end
-- Every command is explained.
for _, name in ipairs(vim.fn.getcompletion('Flakeless ', 'cmdline')) do
  vim.cmd.help(':Flakeless-' .. name)
end
-- What the plugin points to is there.
for _, file in ipairs(vim.api.nvim_get_runtime_file('lua/flakeless/*.lua', true)) do
  for tag in t.read(file):gmatch(':help ([%w:-]+)') do
    vim.cmd.help(tag)
  end
end
