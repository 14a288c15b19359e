-- Embedded engine only: what Quarto does by itself. Numbers figures and tables, turns their divs into
-- figures of the output, resolves @fig-x and @tbl-x (unknown = fatal), shows or hides conditional
-- content, and gives images their alternative text in each output.

local KINDS = {
  fig = { name = "Figure", typst = "image" },
  tbl = { name = "Tableau", typst = "table" },
}
local NBSP = "\u{00A0}"

local numbers = {} -- id → number
local order = { fig = 0, tbl = 0 }

local function stop(code, message)
  error("SYNTHESE[" .. code .. "] " .. message .. "\n", 0)
end

local function kind_of(id)
  local prefix = id:match("^(%a+)%-")
  return prefix and KINDS[prefix], prefix
end

local function quoted(value)
  return '"' .. value:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("[\r\n]+", " ") .. '"'
end

local function escaped(value)
  return (value:gsub("&", "&amp;"):gsub('"', "&quot;"):gsub("<", "&lt;"):gsub(">", "&gt;"))
end

local function raw(content)
  return pandoc.RawInline(FORMAT, content)
end

-- A path from the report's folder as a path from the study's, which is Typst's root.
local function from_root(path)
  if path:match("^/") then return path end
  local parts = {}
  for part in ("report/" .. path):gsub("\\", "/"):gmatch("[^/]+") do
    if part == ".." then
      table.remove(parts)
    elseif part ~= "." then
      parts[#parts + 1] = part
    end
  end
  return "/" .. table.concat(parts, "/")
end

-- Conditional content, as Quarto documents it: when-format and unless-format.
local FAMILIES = { html = { html = true }, typst = { typst = true }, docx = { docx = true } }

local function visible(div)
  local shown = true
  local wanted = div.attributes["when-format"]
  local unwanted = div.attributes["unless-format"]
  local family = FAMILIES[FORMAT] or {}
  if wanted then shown = family[wanted] or false end
  if unwanted then shown = shown and not family[unwanted] end
  if div.classes:includes("content-hidden") then
    if not (wanted or unwanted) then return false end
    return not shown
  end
  return shown
end

local function conditional(div)
  if div.classes:includes("content-visible") or div.classes:includes("content-hidden") then
    if visible(div) then return div.content end
    return {}
  end
  return nil
end

local function image(element)
  local alt = element.attributes["fig-alt"] or element.attributes.alt or pandoc.utils.stringify(element.caption)
  element.attributes["fig-alt"] = nil
  element.attributes.alt = nil
  if alt == "" then
    stop("no-alt", 'the image "' .. element.src .. '" has no alternative text; write ![…](…){fig-alt="…"}')
  end
  if FORMAT == "typst" then
    local width = element.attributes.width or "100%"
    return raw("#image(" .. quoted(from_root(element.src)) .. ", alt: " .. quoted(alt) .. ", width: " .. width .. ")")
  end
  element.caption = pandoc.Inlines({ pandoc.Str(alt) })
  return element
end

-- ![Title](picture.png){#fig-x fig-alt="…"} and a table with ": Title {#tbl-x}" become the divs that
-- artefacts come as; without an id they keep their place and take no number.
local function picture(figure)
  local content = pandoc.Blocks(figure.content)
  content:insert(pandoc.Para(pandoc.utils.blocks_to_inlines(figure.caption.long)))
  return pandoc.Div(content, pandoc.Attr(figure.identifier, { "flottant" }))
end

local function own_table(tbl)
  if FORMAT == "typst" and not tbl.classes:includes("typst:no-figure") then tbl.classes:insert("typst:no-figure") end
  if not kind_of(tbl.identifier) then return tbl end
  local caption = pandoc.Para(pandoc.utils.blocks_to_inlines(tbl.caption.long))
  local id = tbl.identifier
  tbl.identifier = ""
  tbl.caption = { long = {} }
  return pandoc.Div({ tbl, caption }, pandoc.Attr(id))
end

local function number(div)
  local kind, prefix = kind_of(div.identifier)
  if not kind then return nil end
  if numbers[div.identifier] then
    stop("same-id-twice", 'the id "' .. div.identifier .. '" stands twice in the report')
  end
  order[prefix] = order[prefix] + 1
  numbers[div.identifier] = order[prefix]
  return nil
end

local function float(div)
  local kind, prefix = kind_of(div.identifier)
  if not kind and div.classes:includes("flottant") then kind, prefix = KINDS.fig, "fig" end
  if not kind then return nil end
  local found = numbers[div.identifier]
  local content = div.content:clone()
  local caption = content:remove()
  if caption == nil or caption.t ~= "Para" or #content == 0 then
    stop("no-caption", 'the block "' .. div.identifier .. '" should hold its content, then its caption as a last paragraph')
  end
  local label = found and (kind.name .. NBSP .. found .. NBSP .. ":")
  if FORMAT == "typst" then
    local open = pandoc.Inlines({ raw(
      "#figure(kind: " .. kind.typst .. (found and ", supplement: [" .. kind.name .. "]" or ", numbering: none") .. ", caption: ["
    ) })
    open:extend(caption.content)
    open:insert(raw("], ["))
    local blocks = pandoc.Blocks({ pandoc.Plain(open) })
    blocks:extend(content)
    blocks:insert(pandoc.RawBlock("typst", found and "]) <" .. div.identifier .. ">" or "])"))
    return blocks
  elseif FORMAT == "html" then
    local id = found and ' id="' .. escaped(div.identifier) .. '"' or ""
    local blocks = pandoc.Blocks({ pandoc.RawBlock("html", "<figure" .. id .. ' class="flottant flottant-' .. prefix .. '">') })
    local line = pandoc.Inlines({ raw("<figcaption>") })
    if label then
      -- The page sets the number on a line of its own, without its colon; those who hear it have the colon.
      local colon = pandoc.Span({ pandoc.Str(NBSP .. ":") }, pandoc.Attr("", { "deux-points" }))
      line:insert(pandoc.Span({ pandoc.Str(kind.name .. NBSP .. found), colon }, pandoc.Attr("", { "numero" })))
      line:insert(pandoc.Space())
    end
    line:extend(caption.content)
    line:insert(raw("</figcaption>"))
    blocks:insert(pandoc.Plain(line))
    blocks:extend(content)
    blocks:insert(pandoc.RawBlock("html", "</figure>"))
    return blocks
  end
  local line = pandoc.Inlines(label and { pandoc.Str(label), pandoc.Space() } or {})
  line:extend(caption.content)
  local style = pandoc.Attr("", {}, { { "custom-style", prefix == "tbl" and "Table Caption" or "Image Caption" } })
  local blocks = pandoc.Blocks({ pandoc.Div({ pandoc.Para(line) }, style) })
  blocks:extend(content)
  return { pandoc.Div(blocks, pandoc.Attr(div.identifier)) }
end

local function near(id)
  local known = {}
  for name in pairs(numbers) do known[#known + 1] = name end
  table.sort(known)
  if #known == 0 then return "the report shows no figure or table" end
  return "those shown: " .. table.concat(known, ", ")
end

local has_bibliography = false

local function reference(cite)
  if #cite.citations == 0 then return nil end
  local ours = 0
  for _, citation in ipairs(cite.citations) do
    if kind_of(citation.id) then ours = ours + 1 end
  end
  if ours == 0 then
    if has_bibliography then return nil end
    stop("unknown-reference", 'the report refers to "@' .. cite.citations[1].id .. '", and has neither such a figure or table nor a bibliography')
  end
  local out = pandoc.Inlines({})
  for index, citation in ipairs(cite.citations) do
    local kind = kind_of(citation.id)
    local found = numbers[citation.id]
    if not found then
      stop("unknown-reference", 'the report refers to "@' .. citation.id .. '", which it does not show; ' .. near(citation.id))
    end
    if index > 1 then out:insert(pandoc.Str(",")) out:insert(pandoc.Space()) end
    for _, inline in ipairs(citation.prefix) do out:insert(inline) end
    if #citation.prefix > 0 then out:insert(pandoc.Space()) end
    local words = tostring(found)
    if citation.mode ~= "SuppressAuthor" and #citation.prefix == 0 then words = kind.name .. NBSP .. words end
    out:insert(pandoc.Link({ pandoc.Str(words) }, "#" .. citation.id, "", pandoc.Attr("", { "renvoi" })))
    for _, inline in ipairs(citation.suffix) do out:insert(inline) end
  end
  return out
end

-- Word processors show no band and no running head of ours: the warning opens the text.
local function warning(doc)
  local words = doc.meta["donnees-synthetiques"]
  if FORMAT ~= "docx" or words == nil then return nil end
  local line = pandoc.Inlines({ pandoc.Strong(pandoc.Inlines(words)), pandoc.Str("."), pandoc.Space() })
  line:extend(pandoc.Inlines(doc.meta["donnees-synthetiques-note"] or {}))
  doc.blocks:insert(1, pandoc.Para(line))
  return doc
end

return {
  { Meta = function(meta) has_bibliography = meta.bibliography ~= nil end, Pandoc = warning },
  { Div = conditional },
  { Figure = picture, Table = own_table },
  { Div = number },
  { Cite = reference, Image = image },
  { Div = float },
}
