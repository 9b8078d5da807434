-- Neovim as a client: it opens a file, waits for what is found, hovers, has a fix made, and prints what came of it.

local server, path = vim.env.SERVER, vim.env.TEMPLATE
local function print_and_quit(result)
  io.stdout:write(vim.fn.json_encode(result) .. '\n')
  vim.cmd('qall!')
end
local function fail(why)
  print_and_quit({ error = why })
end

vim.cmd('edit ' .. path)
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({
  name = 'vaultmoat',
  cmd = { vim.env.NODE, server, 'lsp', '--stdio' },
  root_dir = vim.fn.fnamemodify(path, ':h'),
  get_language_id = function() return 'bicep' end,
})
vim.lsp.buf_attach_client(buffer, client)

local function has(code)
  for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
    if diagnostic.code == code then return diagnostic end
  end
  return nil
end
if not vim.wait(30000, function() return has('public-vault') ~= nil end, 50) then return fail('no finding came') end
local found = has('public-vault')
local result = { line = found.lnum, column = found.col, finding = found.message }

local document = { uri = vim.uri_from_bufnr(buffer) }
local at = { line = found.lnum, character = found.col }
local hovered = vim.lsp.buf_request_sync(buffer, 'textDocument/hover', { textDocument = document, position = at }, 10000)
result.hover = hovered[client].result.contents.value

local actions = vim.lsp.buf_request_sync(buffer, 'textDocument/codeAction', {
  textDocument = document,
  range = { start = at, ['end'] = at },
  context = { diagnostics = {} },
}, 10000)
for _, action in ipairs(actions[client].result) do
  if string.find(action.title, '^refuse by default') then
    vim.lsp.util.apply_workspace_edit(action.edit, 'utf-16')
    break
  end
end
if not vim.wait(30000, function() return has('public-vault') == nil end, 50) then return fail('the finding stays') end
result.text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), '\n')
print_and_quit(result)
