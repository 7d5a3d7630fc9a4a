--- `:checkhealth flakeless`
local buffers = require('flakeless.buffers')
local options = require('flakeless.options')
local server = require('flakeless.server')

local M = {}

local VERSION_WITHIN_MS, START_WITHIN_MS = 3000, 5000

---@return boolean # Whether the program can be run.
local function check_program()
  vim.health.start('flakeless: the program')
  if not vim.lsp.config.flakeless then
    vim.health.error("Neovim has no configuration of the server: the plugin's folder is not on the 'runtimepath'.", {
      'See `:help flakeless-install`.',
    })
    return false
  end
  local program = server.program()
  if not program then
    vim.health.info('A function starts the server (`cmd` of its configuration); it is taken as it is.')
    return true
  end
  if vim.fn.executable(program) == 0 then
    vim.health.error(('There is no program `%s`.'):format(program), {
      'Install flakeless: its README says how.',
      'Or say where it is: `vim.lsp.config("flakeless", { cmd = { "/path/to/flakeless", "server" } })`.',
    })
    return false
  end
  local run = vim.system({ program, '--version' }, { text = true }):wait(VERSION_WITHIN_MS)
  if run.code ~= 0 or not vim.startswith(run.stdout, 'flakeless ') then
    vim.health.error(('`%s --version` does not answer as flakeless does.'):format(vim.fn.exepath(program)), {
      'Another program of this name may come first on the PATH.',
      vim.trim(run.stdout .. run.stderr),
    })
    return false
  end
  vim.health.ok(('%s, at %s'):format(vim.trim(run.stdout), vim.fn.exepath(program)))
  return true
end

--- Starts a server of its own, in an empty folder, and waits until it has answered to its settings.
---@return string[]? # What it says of the settings; nil where it did not start.
local function try()
  local folder = vim.fn.tempname()
  vim.fn.mkdir(folder, 'p')
  local complaints, told_settings = {}, false
  local configuration = vim.lsp.config.flakeless
  local id = vim.lsp.start({
    name = 'flakeless (checkhealth)',
    cmd = configuration.cmd,
    cmd_env = configuration.cmd_env,
    settings = configuration.settings,
    init_options = configuration.init_options,
    root_dir = folder,
    handlers = {
      ['window/showMessage'] = function(_, message) complaints[#complaints + 1] = message.message end,
      ['workspace/configuration'] = function(...)
        told_settings = true
        return vim.lsp.handlers['workspace/configuration'](...)
      end,
    },
  }, { attach = false, silent = true })
  local client = id and vim.lsp.get_client_by_id(id)
  if not client then return nil end
  local started = vim.wait(START_WITHIN_MS, function() return client.initialized and told_settings end, 10)
  if started then
    -- The server takes one thing after another: once it has answered this, it has looked at its settings.
    local document = { uri = vim.uri_from_fname(folder .. '/none.py') }
    local params = { textDocument = document, position = { line = 0, character = 0 } }
    started = client:request_sync('textDocument/hover', params, START_WITHIN_MS) ~= nil
  end
  client:stop(not started)
  vim.wait(START_WITHIN_MS, function() return not vim.lsp.get_client_by_id(id) end, 10)
  vim.fn.delete(folder, 'rf')
  return started and complaints or nil
end

local function check_start()
  vim.health.start('flakeless: a server, started for this check')
  local complaints = try()
  if not complaints then
    return vim.health.error('It does not start.', {
      '`:Flakeless log` shows what it said.',
      'Run `flakeless server` in a terminal: it should wait for input.',
    })
  end
  vim.health.ok('It starts.')
  if #complaints == 0 then vim.health.ok('It takes the settings that it is given.') end
  for _, complaint in ipairs(complaints) do
    vim.health.warn(complaint, { '`:help flakeless-settings`' })
  end
end

local function check_options()
  vim.health.start('flakeless: the plugin')
  local problems = options.problems()
  for _, problem in ipairs(problems) do
    vim.health.warn(problem, { '`:help g:flakeless`' })
  end
  if #problems > 0 then return end
  local fixes = options.get('fix_on_save')
  vim.health.ok(fixes and 'Safe fixes are applied when a file is saved.' or 'Nothing is fixed on save.')
end

---@param client vim.lsp.Client
local function describe(client)
  vim.health.ok(
    ('Server %d runs: version %s, positions in %s, root %s'):format(
      client.id,
      client.server_info and client.server_info.version or 'unknown',
      client.offset_encoding,
      client.root_dir or 'none'
    )
  )
  if not client.root_dir then
    vim.health.warn('Without a root it sees only open files, and no conftest of closed ones.', {
      'Put a `pyproject.toml` at the root of the project, or set `root_dir`: `:help flakeless-root`.',
    })
  end
end

local function check_buffers()
  vim.health.start('flakeless: this session')
  if not vim.lsp.is_enabled('flakeless') then
    vim.health.error('The server is not enabled.', { "Put `vim.lsp.enable('flakeless')` into your init.lua." })
  end
  if require('flakeless.restart').gave_up() then
    vim.health.error('The server ended too often and is not started any more.', {
      '`:Flakeless log` shows what it said.',
      '`:Flakeless restart` starts it.',
    })
  end
  vim.iter(vim.lsp.get_clients({ name = 'flakeless' })):each(describe)
  local open = buffers.open()
  if #open == 0 then vim.health.info('No Python file is open, so no server is needed.') end
  for _, buffer in ipairs(open) do
    local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':~:.')
    local client = vim.lsp.get_clients({ name = 'flakeless', bufnr = buffer })[1]
    if client then
      vim.health.ok(('%s: server %d looks at it'):format(name, client.id))
    else
      vim.health.warn(('%s: no server looks at it'):format(name), { '`:Flakeless restart`, or `:edit` in that buffer' })
    end
  end
end

function M.check()
  if vim.fn.has('nvim-0.11') == 0 then
    vim.health.start('flakeless')
    return vim.health.error('Neovim 0.11 or newer is needed for the plugin.', {
      'Older ones have the hints and fixes with nvim-lspconfig: `:help flakeless-install`.',
    })
  end
  if check_program() then check_start() end
  check_options()
  check_buffers()
end

return M
