-- Runs the case $FLAKELESS_CASE once Neovim is up, with what the cases share as the global `t`.
local PATIENCE_MS = 20000

t = {
  expected = vim.env.FLAKELESS_EXPECTED,
  guide = vim.env.FLAKELESS_GUIDE,
  ---@type string[] What `vim.notify` was given.
  told = {},
}

local show = vim.notify
vim.notify = function(text, level, ...)
  table.insert(t.told, text)
  return show(text, level, ...)
end

--- Fails with what a person needs to see why.
function t.fail(what)
  local log = vim.lsp.log.get_filename()
  error(table.concat({
    what,
    '-- hints of ' .. vim.api.nvim_buf_get_name(0),
    table.concat(t.hints(), '\n'),
    '-- buffer',
    t.text(),
    '-- told',
    table.concat(t.told, '\n'),
    '-- log',
    vim.uv.fs_stat(log) and t.read(log) or '(none)',
  }, '\n'))
end

function t.check(condition, what)
  if not condition then t.fail(what) end
end

function t.same(what, expected, seen)
  if not vim.deep_equal(expected, seen) then
    t.fail(('%s: expected\n%s\nseen\n%s'):format(what, vim.inspect(expected), vim.inspect(seen)))
  end
end

function t.contains(what, text, part)
  if not text:find(part, 1, true) then t.fail(('%s does not contain %q:\n%s'):format(what, part, text)) end
end

function t.wait(what, condition)
  if not vim.wait(PATIENCE_MS, condition, 10) then t.fail('waited for ' .. what) end
end

function t.wait_told(part)
  t.wait(('being told %q'):format(part), function()
    return vim.iter(t.told):any(function(text) return text:find(part, 1, true) ~= nil end)
  end)
end

function t.keys(keys) vim.api.nvim_feedkeys(vim.keycode(keys), 'tx', false) end

function t.read(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('*a')
  file:close()
  return text
end

---@return string[]
function t.lines(path) return vim.split(vim.trim(t.read(path)), '\n') end

function t.write(path, text)
  local file = assert(io.open(path, 'wb'))
  file:write(text)
  file:close()
end

function t.text(buffer) return table.concat(vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, true), '\n') end

--- The hints of a buffer as lines, in order, as `editors/expected/hints` has them.
function t.hints(buffer)
  local hints = vim.diagnostic.get(buffer or 0)
  table.sort(hints, function(a, b) return a.lnum < b.lnum or (a.lnum == b.lnum and a.col < b.col) end)
  return vim.tbl_map(function(it)
    local severity = vim.diagnostic.severity[it.severity]
    return ('%d:%d-%d:%d %s %s'):format(it.lnum + 1, it.col + 1, it.end_lnum + 1, it.end_col + 1, severity, it.code)
  end, hints)
end

--- Opens a file as a person would.
---@return string[] # Its hints.
function t.open(path)
  vim.cmd.edit(path)
  t.wait('hints', function() return #t.hints() > 0 end)
  return t.hints()
end

--- A copy of the project of its own, as the current directory.
function t.fresh_project(name)
  local place = vim.fs.joinpath(vim.fn.tempname(), name)
  vim.fn.mkdir(vim.fs.dirname(place), 'p')
  t.same('the copy', 0, vim.system({ 'cp', '-r', t.guide, place }):wait().code)
  vim.cmd.cd(place)
end

--- Puts the cursor at a place: 1-based, columns in characters.
function t.go_to(line, column)
  local text = vim.fn.getline(line)
  vim.api.nvim_win_set_cursor(0, { line, vim.str_byteindex(text, 'utf-32', column - 1) })
end

--- Picks from Neovim's menu by the text of an entry, and remembers what was offered.
function t.will_select(wanted)
  t.offered = nil
  vim.ui.select = function(items, options, on_choice)
    local format = options.format_item or tostring
    t.offered = vim.tbl_map(format, items)
    for index, item in ipairs(items) do
      if format(item):find(wanted, 1, true) then return on_choice(item, index) end
    end
    t.fail(('%q is not offered: %s'):format(wanted, vim.inspect(t.offered)))
  end
end

--- `gra`, the entry, and the file saved.
function t.act(title)
  local before = vim.b.changedtick
  t.will_select(title)
  t.keys('gra')
  t.wait('the action ' .. title, function() return vim.b.changedtick ~= before end)
  vim.cmd('silent write')
end

--- Waits until a page of the plugin is shown.
function t.wait_page(name)
  t.wait('the page ' .. name, function() return vim.api.nvim_buf_get_name(0) == 'flakeless://' .. name end)
  t.check(not vim.bo.modifiable, 'the page can be changed')
end

--- The float that is shown.
---@return string? # Its text.
function t.float()
  local window = vim.iter(vim.api.nvim_list_wins()):find(function(it)
    return vim.api.nvim_win_get_config(it).relative ~= ''
  end)
  return window and t.text(vim.api.nvim_win_get_buf(window))
end

--- What a diff of `editors/expected` makes of a text.
---@return string
function t.patched(diff, file, text)
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder .. '/' .. vim.fs.dirname(file), 'p')
  t.write(folder .. '/' .. file, text)
  local run = vim.system({ 'git', 'apply', '-p0', t.expected .. '/' .. diff }, { cwd = folder }):wait()
  t.same('git apply ' .. diff, '', run.stderr)
  return t.read(folder .. '/' .. file)
end

--- The processes of the servers that this Neovim started.
---@return integer[]
function t.servers()
  return vim.tbl_filter(function(pid)
    local process = vim.api.nvim_get_proc(pid) -- None for one that has just ended.
    return process and process.name == 'flakeless'
  end, vim.api.nvim_get_proc_children(vim.fn.getpid()))
end

local function run()
  local fine, failure = xpcall(dofile, debug.traceback, vim.env.FLAKELESS_CASE)
  if fine then return vim.cmd('qall!') end
  io.stderr:write('\n', failure, '\n')
  vim.cmd('cquit 1')
end

vim.api.nvim_create_autocmd('VimEnter', { once = true, callback = vim.schedule_wrap(run) })
