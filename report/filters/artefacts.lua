-- Puts artefacts into the report by their id, under Quarto (at: pre-ast) and under bare pandoc.
--
--   []{artefact="val-echange-pairs"}          a value or a sentence, inline
--   ::: {artefact="fig-modalites"}            a figure, a table or a sentence, as a block
--   :::
--
-- Reads the map `artefacts` of the metadata, which Python writes: every text in it is one inline
-- code span, so that neither engine reads Markdown in it. Gives back the documented cross-reference
-- divs of Quarto (::: {#fig-x} … last paragraph = caption :::); an unknown id stops the build.

local artefacts = {}


local function text(value)
  if value == nil then return nil end
  return pandoc.utils.stringify(value)
end

-- Edit distance, for the ids named beside an unknown one.
local function distance(a, b)
  local row = {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local diagonal = row[0]
    row[0] = i
    for j = 1, #b do
      local cost = (a:byte(i) == b:byte(j)) and 0 or 1
      local best = math.min(row[j] + 1, row[j - 1] + 1, diagonal + cost)
      diagonal = row[j]
      row[j] = best
    end
  end
  return row[#b]
end

local function near(id)
  local ids = {}
  for known in pairs(artefacts) do ids[#ids + 1] = known end
  table.sort(ids, function(a, b)
    local da, db = distance(id, a), distance(id, b)
    if da == db then return a < b end
    return da < db
  end)
  local first = {}
  for i = 1, math.min(3, #ids) do first[i] = ids[i] end
  if #first == 0 then return "this wave has no artefact: run its notebooks first" end
  return "near ids: " .. table.concat(first, ", ")
end

local function stop(code, message)
  error("SYNTHESE[" .. code .. "] " .. message .. "\n", 0)
end

local function find(id)
  local found = artefacts[id]
  if found == nil then
    stop("unknown-artefact", 'the report names the artefact "' .. id .. '", which the manifest does not have; ' .. near(id))
  end
  return found
end

-- Plain text as inlines: words and spaces, nothing read as markup. Spaces that do not break stay in words.
local function plain(value)
  local inlines = pandoc.List()
  for word in value:gmatch("[^ \t\r\n]+") do
    if #inlines > 0 then inlines:insert(pandoc.Space()) end
    inlines:insert(pandoc.Str(word))
  end
  return inlines
end

-- Inline Markdown as inlines. A first word keeps "46. …" or "- …" from being read as a list.
local function markdown(value, id)
  local blocks = pandoc.read("x " .. value, "markdown").blocks
  if #blocks ~= 1 or not (blocks[1].t == "Para" or blocks[1].t == "Plain") then
    stop("not-inline", 'the text of the artefact "' .. id .. '" should be one paragraph')
  end
  local inlines = blocks[1].content
  inlines:remove(1)
  inlines:remove(1)
  return inlines
end

local function is_text(kind)
  return kind == "value" or kind == "sentence"
end

local function inline(id)
  local item = find(id)
  local kind = text(item.kind)
  if not is_text(kind) then
    stop("not-inline", 'the artefact "' .. id .. '" is a ' .. kind .. ': write it as a block, ::: {artefact="' .. id .. '"}')
  end
  return pandoc.Span(markdown(text(item.text), id), pandoc.Attr("", { "artefact-" .. kind }, { { "data-artefact", id } }))
end

local function cell(source, header, scope, align)
  local attributes = {}
  if header then attributes[#attributes + 1] = { "scope", scope } end
  local content = text(source.text)
  local inlines = content and plain(content)
  -- Typst sets no header cell apart by itself; HTML does it by its own element.
  if inlines and header and scope ~= "row" and not FORMAT:match("html") then inlines = { pandoc.Strong(inlines) } end
  return pandoc.Cell(
    inlines and { pandoc.Plain(inlines) } or {},
    scope == "colgroup" and "AlignCenter" or align,
    tonumber(text(source.rowspan) or "1"),
    tonumber(text(source.colspan) or "1"),
    pandoc.Attr("", {}, attributes)
  )
end

local ALIGN = { left = "AlignLeft", right = "AlignRight", center = "AlignCenter" }

local function native_table(source, id)
  local align = {}
  for i, name in ipairs(source.align) do align[i] = ALIGN[text(name)] or "AlignDefault" end
  local row_headers = tonumber(text(source["row-headers"]) or "0")
  local specs = {}
  for i = 1, #align do specs[i] = { align[i], nil } end
  local function rows(list, in_head)
    local out = {}
    local pending = {} -- columns still covered by a cell of an earlier row
    for _, line in ipairs(list or {}) do
      local cells, column = {}, 1
      for _, one in ipairs(line) do
        while (pending[column] or 0) > 0 do
          pending[column] = pending[column] - 1
          column = column + 1
        end
        local columns = tonumber(text(one.colspan) or "1")
        local lines = tonumber(text(one.rowspan) or "1")
        local header = in_head or column <= row_headers
        local scope = in_head and (columns > 1 and "colgroup" or "col") or "row"
        cells[#cells + 1] = cell(one, header, scope, align[column] or "AlignDefault")
        for c = column, column + columns - 1 do pending[c] = lines - 1 end
        column = column + columns
      end
      while (pending[column] or 0) > 0 do
        pending[column] = pending[column] - 1
        column = column + 1
      end
      out[#out + 1] = pandoc.Row(cells)
    end
    return out
  end
  local head = pandoc.TableHead(rows(source.head, true))
  if #head.rows == 0 then
    stop("no-header", 'the table "' .. id .. '" has no header row')
  end
  local attr = pandoc.Attr("", FORMAT == "typst" and { "typst:no-figure" } or {})
  local body = { attr = pandoc.Attr(), body = rows(source.body, false), head = {}, row_head_columns = row_headers }
  return pandoc.Table(pandoc.Caption(), specs, head, { body }, pandoc.TableFoot(), attr)
end

local function notes_of(item)
  local lines = pandoc.List()
  for _, line in ipairs(item.notes or {}) do
    local source = text(line)
    local label, rest = source:match("^(%a+)%s*:%s*(.+)$")
    if not label then
      label, rest = source:match("^(%a+)\u{00A0}:%s*(.+)$")
    end
    if label then
      local inlines = pandoc.List({ pandoc.Strong({ pandoc.Str(label), pandoc.Space(), pandoc.Str(":") }), pandoc.Space() })
      inlines:extend(plain(rest))
      lines:insert(pandoc.Para(inlines))
    else
      lines:insert(pandoc.Para(plain(source)))
    end
  end
  if FORMAT ~= "typst" then return lines end
  -- On paper the lines run on in one paragraph: their labels, in bold, tell them apart.
  local whole = pandoc.Inlines({})
  for _, line in ipairs(lines) do
    if #whole > 0 then whole:insert(pandoc.Space()) end
    whole:extend(line.content)
  end
  return #whole > 0 and pandoc.List({ pandoc.Para(whole) }) or lines
end

local function downloads_of(item)
  local links = pandoc.List()
  for _, link in ipairs(item.downloads or {}) do
    if #links > 0 then links:insert(pandoc.Space()) end
    local name = text(link.name)
    -- Many links say "Données (CSV)": each tells which figure to those who hear it out of its place.
    local spoken = text(link.label) .. " : " .. text(item.caption)
    local attributes = { { "download", name }, { "aria-label", spoken } }
    links:insert(pandoc.Link(plain(text(link.label)), text(link.href), "", pandoc.Attr("", {}, attributes)))
  end
  if #links == 0 then return nil end
  return pandoc.Div({ pandoc.Plain(links) }, pandoc.Attr("", { "telechargements" }))
end

-- A wide table scrolls in a box that the keyboard can reach.
local function scrolling(tbl, item)
  local box = { { "role", "region" }, { "tabindex", "0" }, { "aria-label", "Tableau : " .. text(item.caption) } }
  return pandoc.Div({ tbl }, pandoc.Attr("", { "defile" }, box))
end

local function body_of(item, id, kind)
  if item.withheld then
    return pandoc.Div({ pandoc.Para(plain(text(item.text))) }, pandoc.Attr("", { "non-diffuse" }))
  elseif kind == "figure" then
    local file = text(FORMAT:match("docx") and item.bitmap or item.image)
    local function picture(source, classes)
      local attributes = { { "fig-alt", text(item.alt) }, { "width", "100%" } }
      return pandoc.Image({}, source, "", pandoc.Attr("", classes, attributes))
    end
    local narrow = text(item["image-etroite"])
    if not narrow or not FORMAT:match("html") then return pandoc.Para({ picture(file, {}) }) end
    -- The page shows the one that fits; the style sheet hides the other from everyone.
    return pandoc.Para({ picture(file, { "image-large" }), picture(narrow, { "image-etroite" }) })
  end
  local tbl = native_table(item.table, id)
  if not FORMAT:match("html") then return tbl end
  return scrolling(tbl, item)
end

local function block(id, classes)
  local item = find(id)
  local kind = text(item.kind)
  -- The author may prefer nothing to the line that says why a figure or a table is not there.
  if classes:includes("si-diffuse") then
    if item.withheld then return {} end
    classes = classes:filter(function(class) return class ~= "si-diffuse" end)
  end
  if is_text(kind) then
    local para = pandoc.Para({ inline(id) })
    if #classes == 0 then return para end
    return pandoc.Div({ para }, pandoc.Attr("", classes))
  end
  local float = pandoc.Div(
    { body_of(item, id, kind), pandoc.Para(plain(text(item.caption))) },
    pandoc.Attr(id)
  )
  local whole = pandoc.List({ float })
  local notes = notes_of(item)
  if #notes > 0 then whole:insert(pandoc.Div(notes, pandoc.Attr("", { "note-lines" }))) end
  if FORMAT:match("html") then
    if kind == "figure" and item.table then
      whole:insert(pandoc.RawBlock("html", '<details class="donnees"><summary>Voir les données en tableau</summary>'))
      whole:insert(scrolling(native_table(item.table, id), item))
      whole:insert(pandoc.RawBlock("html", "</details>"))
    end
    local downloads = downloads_of(item)
    if downloads then whole:insert(downloads) end
  end
  local names = pandoc.List({ "artefact", "artefact-" .. kind })
  names:extend(classes)
  return pandoc.Div(whole, pandoc.Attr("", names, { { "data-artefact", id } }))
end

local function read_meta(meta)
  artefacts = meta.artefacts or {}
  return nil
end

local resolve = {
  Div = function(div)
    local id = div.attributes.artefact
    if id == nil then return nil end
    if #div.content > 0 then
      stop("not-empty", 'the block of the artefact "' .. id .. '" should be empty: its title and notes come with it')
    end
    return block(id, div.classes)
  end,
  Span = function(span)
    local id = span.attributes.artefact
    if id == nil then return nil end
    return inline(id)
  end,
}

return { { Meta = read_meta }, resolve }
