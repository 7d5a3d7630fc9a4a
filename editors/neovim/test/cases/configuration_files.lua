t.same('the hints', { '16:5-16:51 HINT ineffective-marker' }, t.open('pyproject.toml'))

--- Whether a file of this name, in the project, is one that the server is told of.
local function is_attached(name)
  vim.fn.writefile({ '' }, name)
  vim.cmd.edit(name)
  vim.wait(50)
  return #vim.lsp.get_clients({ name = 'flakeless', bufnr = 0 }) == 1
end

for _, name in ipairs({ 'pytest.toml', '.pytest.toml', 'pytest.ini', '.pytest.ini', 'tox.ini', 'setup.cfg' }) do
  t.check(is_attached(name), 'not attached to ' .. name)
end
for _, name in ipairs({ 'Cargo.toml', 'php.ini', 'other.cfg', 'notes.md' }) do
  t.check(not is_attached(name), 'attached to ' .. name)
end
t.same('the servers', 1, #t.servers())
