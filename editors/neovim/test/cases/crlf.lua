local file = 'tests/test_odd.py'
local function with_crlf(text) return (text:gsub('\n', '\r\n')) end

local was = t.read(t.expected .. '/test_odd.py')
t.write(file, with_crlf(was))
t.same('the hints', 1, #t.open(file))
t.same('the line ends that Neovim sees', 'dos', vim.bo.fileformat)
t.go_to(7, 15)
local hint = vim.diagnostic.get(0)[1]
t.same('the place', { 6, vim.fn.col('.') - 1 }, { hint.lnum, hint.col })
t.same('its text', 'settings.EXPRESS', vim.fn.getline(7):sub(hint.col + 1, hint.end_col))

t.act('Change `depot.settings.EXPRESS` with `monkeypatch`, which undoes it')
t.same('the saved file', with_crlf(t.patched('actions/odd.diff', file, was)), t.read(file))
