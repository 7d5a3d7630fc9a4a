local FILE = 'tests/test_till.py'
local FIGURES = 'Confirmed: it failed 19 of 20 times in one process.'

-- It passes, and in the same process never again.
t.write(FILE, 'SOLD = []\n\n\ndef test_first_sale():\n    SOLD.append("apple")\n    assert SOLD == ["apple"]\n')
t.open(FILE)
vim.lsp.codelens.refresh({ bufnr = 0 })
t.wait('the lenses', function() return #vim.lsp.codelens.get(0) == 2 end)

t.go_to(4, 5)
t.will_select('Reproduce')
vim.lsp.codelens.run()
t.wait('the confirmed hint', function()
  return vim.iter(vim.diagnostic.get(0)):any(function(hint) return vim.endswith(hint.message, FIGURES) end)
end)
t.contains('the messages', vim.fn.execute('messages'), 'test_first_sale: Reproduced: it failed 19 of 20 times')

t.go_to(5, 6)
t.keys('K')
t.wait('the hover', t.float)
t.contains('the hover', t.float(), 'To see it fail again:')

-- From the actions of the hint, as where no lenses are shown.
t.write(FILE, (t.read(FILE):gsub('apple', 'pear')))
vim.cmd.edit()
t.wait('the hint as it was', function()
  local hints = vim.diagnostic.get(0)
  return #hints == 1 and not vim.endswith(hints[1].message, FIGURES)
end)
t.go_to(5, 6)
t.will_select('Reproduce: run `test_first_sale` with pytest until it fails')
t.keys('gra')
t.wait('the confirmed hint', function()
  return vim.iter(vim.diagnostic.get(0)):any(function(hint) return vim.endswith(hint.message, FIGURES) end)
end)
