if vim.g.loaded_flakeless or vim.fn.has('nvim-0.11') == 0 then return end
vim.g.loaded_flakeless = true

vim.api.nvim_create_user_command('Flakeless', function(call) require('flakeless.commands').run(call) end, {
  nargs = '*',
  complete = function(begun, line, position)
    return require('flakeless.commands').complete(begun, line:sub(1, position))
  end,
  desc = 'Find, explain and fix what makes pytest suites flaky',
})

vim.api.nvim_create_autocmd('BufWritePre', {
  group = vim.api.nvim_create_augroup('flakeless', {}),
  callback = function(event) require('flakeless.fix').before_save(event.buf) end,
  desc = 'Apply the safe fixes, where vim.g.flakeless.fix_on_save says so',
})
