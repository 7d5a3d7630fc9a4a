local before = t.open('tests/test_manifest.py')
t.keys('GoPath("late.csv").write_text("")<Esc>')
t.wait('the typed hint', function() return #t.hints() == #before + 1 end)
local last = t.hints()[#before + 1]
t.check(last:match('^' .. vim.fn.line('$') .. ':.*unisolated%-file$'), 'the typed hint is another: ' .. last)
t.keys('u')
t.wait('the hint to go with its line', function() return vim.deep_equal(t.hints(), before) end)
