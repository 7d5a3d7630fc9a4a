--- Neovim 0.12 asks for hints instead of being sent them. What it does not ask for by itself is asked for here.
local M = {}

--- Asks for the hints of closed files. The server answers when they are wanted: the setting `diagnostic-mode` or a
--- check says so. Older Neovims are sent them.
---@param client vim.lsp.Client
function M.ask_for_closed_files(client)
  if vim.lsp.buf.workspace_diagnostics then vim.lsp.buf.workspace_diagnostics({ client_id = client.id }) end
end

--- The server says that hints changed, as those of other files do with an edit of a conftest: Neovim 0.12 asks a server
--- that knows of closed files for those alone.
---@type lsp.Handler
function M.on_refresh(failure, result, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  local provider = client and client.server_capabilities.diagnosticProvider or {}
  for buffer in pairs(client and client.attached_buffers or {}) do
    local params = { textDocument = { uri = vim.uri_from_bufnr(buffer) }, identifier = provider.identifier }
    client:request('textDocument/diagnostic', params, nil, buffer)
  end
  return vim.lsp.handlers['workspace/diagnostic/refresh'](failure, result, context)
end

return M
