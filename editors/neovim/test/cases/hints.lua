t.same('the hints', t.lines(t.expected .. '/hints'), t.open('tests/test_manifest.py'))

t.same('the first hint', '13:30-13:35 WARN stale-class-after-reload', t.open('tests/test_labels.py')[1])
local hint = vim.diagnostic.get(0, { lnum = 12 })[1]
local place = hint.user_data.lsp.relatedInformation[1].location
local conftest = vim.uri_from_fname(vim.fn.getcwd() .. '/tests/conftest.py')
t.same('the related place', { conftest, 11 }, { place.uri, place.range.start.line })

t.keys('gg]d')
t.same('where ]d goes', { 13, 30 }, { vim.fn.line('.'), vim.fn.col('.') })
t.keys('<C-w>d')
local shown = t.float()
t.contains('the float', shown, '`restarted` in conftest.py reloads `depot`')
t.contains('the float', shown, 'stale-class-after-reload')
