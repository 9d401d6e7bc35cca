-- A person in Neovim: opens a Dockerfile, sees the finding, takes the quick fix, saves.
-- Variables: SHIPSHAPE (the program), DOCKERFILE, CODE (the rule), ACTION (the title to choose). Writes what it saw as JSON.
local seen = {}

local function finish(problem)
  seen.problem = problem
  local encode = vim.json and vim.json.encode or vim.fn.json_encode
  io.stdout:write(encode(seen) .. '\n')
  vim.cmd(problem and 'cquit 1' or 'qall!')
end

local function main()
  vim.cmd('edit ' .. vim.fn.fnameescape(vim.env.DOCKERFILE))
  vim.bo.filetype = 'dockerfile'
  local buffer = vim.api.nvim_get_current_buf()
  local config = {
    name = 'shipshape',
    cmd = { vim.env.NODE, vim.env.SHIPSHAPE, 'lsp' },
    root_dir = vim.fn.fnamemodify(vim.env.DOCKERFILE, ':h'),
    on_exit = function(code) seen.exit = code end,
  }
  -- Neovim 0.7 has no vim.lsp.start.
  if vim.lsp.start then
    vim.lsp.start(config)
  else
    vim.lsp.buf_attach_client(buffer, vim.lsp.start_client(config))
  end

  local finding
  local function find()
    for _, each in ipairs(vim.diagnostic.get(buffer)) do
      if each.code == vim.env.CODE or (each.user_data and each.user_data.lsp and each.user_data.lsp.code == vim.env.CODE) then return each end
    end
  end
  if not vim.wait(20000, function() finding = find() return finding ~= nil end, 20) then return finish('no diagnostic was shown') end
  seen.message, seen.line, seen.column = finding.message, finding.lnum, finding.col

  vim.ui.select = function(items, options, choose)
    seen.titles = vim.tbl_map(options.format_item, items)
    for index, title in ipairs(seen.titles) do
      if vim.startswith(title, vim.env.ACTION) then return choose(items[index], index) end
    end
    choose(nil)
  end
  vim.api.nvim_win_set_cursor(0, { finding.lnum + 1, finding.col })
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  vim.lsp.buf.code_action()
  if not vim.wait(20000, function() return vim.api.nvim_buf_get_changedtick(buffer) ~= tick end, 20) then return finish('the quick fix changed nothing') end
  if not vim.wait(20000, function() return find() == nil end, 20) then return finish('the diagnostic stayed') end
  vim.cmd('write')
  for _, client in pairs((vim.lsp.get_clients or vim.lsp.get_active_clients)()) do client.stop() end
  vim.wait(5000, function() return seen.exit ~= nil end, 20)
  finish()
end

local fine, problem = pcall(main)
if not fine then finish(tostring(problem)) end
