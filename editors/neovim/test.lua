-- nvim -l test.lua FILE OUT: opens FILE as a person would, writes its hints to OUT, types a hint and takes it
-- back, applies the preferred fix of the first hint and saves.
local file, out = unpack(arg)
local PATIENCE_MS = 20000

local function hints()
  local lines = {}
  for _, d in ipairs(vim.diagnostic.get(0)) do
    local severity = vim.diagnostic.severity[d.severity]
    lines[#lines + 1] = ('%d:%d-%d:%d %s %s'):format(
      d.lnum + 1, d.col + 1, d.end_lnum + 1, d.end_col + 1, severity, d.code
    )
  end
  table.sort(lines, function(a, b) return tonumber(a:match('^%d+')) < tonumber(b:match('^%d+')) end)
  return lines
end

local function server_log()
  local path = vim.lsp.get_log_path()
  return vim.fn.filereadable(path) == 1 and table.concat(vim.fn.readfile(path), '\n') or '(none)'
end

local function fail(what)
  io.stderr:write(('FAIL nvim: %s; hints:\n%s\nbuffer:\n%s\nlog:\n%s\n'):format(
    what,
    table.concat(hints(), '\n'),
    table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), '\n'),
    server_log()
  ))
  os.exit(1)
end

local function wait(what, condition)
  if not vim.wait(PATIENCE_MS, condition, 10) then fail('waited for ' .. what) end
end

local function type_keys(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), 'tx', false)
end

vim.opt.runtimepath:prepend(vim.fn.stdpath('config'))
vim.lsp.enable('flakeless')
vim.cmd('filetype plugin indent on')
vim.cmd.edit(file)

wait('hints', function() return #hints() > 0 end)
local before = hints()
vim.fn.writefile(before, out)

type_keys('GoPath("late.csv").write_text("")<Esc>')
wait('the typed hint', function() return #hints() == #before + 1 end)
local line = vim.fn.line('$')
if not hints()[#hints()]:match('^' .. line .. ':.*unisolated%-file$') then fail('the typed hint stands elsewhere') end
type_keys('u')
wait('the hint to go with its line', function() return vim.deep_equal(hints(), before) end)

local first = vim.diagnostic.get(0, { lnum = tonumber(before[1]:match('^%d+')) - 1 })[1]
vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })
vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.isPreferred end })
wait('the fix', function() return vim.bo.modified end)
wait('the fixed hint to go', function() return #hints() == #before - 1 end)
vim.cmd('silent write')

vim.lsp.stop_client(vim.lsp.get_clients())
wait('the server to stop', function() return #vim.lsp.get_clients() == 0 end)
os.exit(0)
