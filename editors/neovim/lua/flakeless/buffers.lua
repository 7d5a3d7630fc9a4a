--- Which buffers the server is for: Python, and the files that configure pytest.
local M = {}

local CONFIGURATION = {
  'pyproject.toml',
  'pytest.toml',
  '.pytest.toml',
  'pytest.ini',
  '.pytest.ini',
  'tox.ini',
  'setup.cfg',
}

---@param buffer integer
---@return boolean
function M.is_wanted(buffer)
  if vim.bo[buffer].buftype ~= '' then return false end
  if vim.bo[buffer].filetype == 'python' then return true end
  return vim.list_contains(CONFIGURATION, vim.fs.basename(vim.api.nvim_buf_get_name(buffer)))
end

---@return integer[]
function M.open()
  return vim.tbl_filter(function(buffer)
    return vim.api.nvim_buf_is_loaded(buffer) and M.is_wanted(buffer)
  end, vim.api.nvim_list_bufs())
end

return M
