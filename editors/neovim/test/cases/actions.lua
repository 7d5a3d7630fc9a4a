for _, action in ipairs(vim.json.decode(t.read(t.expected .. '/actions.json'))) do
  t.fresh_project(action.name)
  t.open(action.file)
  local expected = t.patched(('actions/%s.diff'):format(action.name), action.file, t.read(action.file))
  t.go_to(action.line, action.column)
  t.act(action.title)
  t.same(action.name .. ', saved', expected, t.read(action.file))
end
