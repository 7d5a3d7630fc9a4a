---@type vim.lsp.Config
return {
  cmd = { 'flakeless', 'server' },
  -- The last three are those of pytest's configuration files; `root_dir` passes over all others of them.
  filetypes = { 'python', 'toml', 'dosini', 'cfg' },
  -- The repository before the nearest project: a conftest or a reader of leaked state may lie beside it.
  root_markers = {
    '.git',
    {
      'flakeless.toml',
      'pytest.toml',
      '.pytest.toml',
      'pytest.ini',
      '.pytest.ini',
      'pyproject.toml',
      'tox.ini',
      'setup.cfg',
    },
  },
  root_dir = function(buffer, on_dir)
    if not require('flakeless.buffers').is_wanted(buffer) then return end
    on_dir(vim.fs.root(buffer, vim.lsp.config.flakeless.root_markers))
  end,
  on_init = function(client) require('flakeless.pull').ask_for_closed_files(client) end,
  handlers = {
    ['workspace/diagnostic/refresh'] = function(...) return require('flakeless.pull').on_refresh(...) end,
  },
  on_exit = function(code, signal, client_id) require('flakeless.restart').after_exit(code, signal, client_id) end,
}
