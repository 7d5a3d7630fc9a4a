local before = t.open('tests/test_labels.py')

local function kill()
  local pid = t.servers()[1]
  vim.uv.kill(pid, 'sigkill')
  t.wait('the death of the server', function() return not vim.list_contains(t.servers(), pid) end)
end

-- It comes back by itself, with its hints.
kill()
t.wait('the hints to go', function() return #t.hints() == 0 end)
t.wait('the hints to come back', function() return vim.deep_equal(t.hints(), before) end)
t.same('the servers', 1, #t.servers())

-- Four times within three minutes, and no more.
for _ = 2, 4 do
  kill()
  t.wait('another server', function() return #t.servers() == 1 and #vim.lsp.get_clients() == 1 end)
end
kill()
t.wait_told('the server ended 5 times within 3 minutes and is not started again')
vim.wait(600)
t.same('the servers after five deaths', 0, #t.servers())
vim.cmd('Flakeless project')
t.wait_told('the server ended too often and is not started any more')

-- A person can start it, and it is as new.
vim.cmd('Flakeless restart')
t.wait('the hints after a restart', function() return vim.deep_equal(t.hints(), before) end)
kill()
t.wait('the server to come back', function() return vim.deep_equal(t.hints(), before) and #t.servers() == 1 end)

-- One that hangs is ended by a restart.
local hung, its_client = t.servers()[1], vim.lsp.get_clients()[1]
vim.uv.kill(hung, 'sigstop')
vim.cmd('Flakeless restart')
t.wait('a server beside the hung one', function() return #t.servers() == 2 and #vim.lsp.get_clients() >= 1 end)
vim.uv.kill(hung, 'sigcont')
t.wait('the hung one to go', function() return not vim.list_contains(t.servers(), hung) end)
t.wait('the client of the other one', function()
  local clients = vim.lsp.get_clients()
  return #clients == 1 and clients[1] ~= its_client and vim.deep_equal(t.hints(), before)
end)

-- One that was told to stop stays stopped.
local function check_stopped()
  t.wait('the server to stop', function() return #t.servers() == 0 end)
  vim.wait(600)
  t.same('the servers after a stop', 0, #t.servers())
end
vim.lsp.enable('flakeless', false)
check_stopped()
vim.lsp.enable('flakeless')
t.wait('the hints', function() return vim.deep_equal(t.hints(), before) end)
vim.lsp.get_clients()[1]:stop(true)
check_stopped()
