---@type vim.lsp.Config
return {
  cmd = { 'flakeless', 'server' },
  filetypes = { 'python' },
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
}
