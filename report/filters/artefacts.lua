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
local artefacts_annex = nil


local function text(value)
  if value == nil then return nil end
  return pandoc.utils.stringify(value)
end

-- What Python packed as JSON in one code span.
local function unpacked(value)
  local packed = text(value)
  return packed and pandoc.json.decode(packed, false)
end

local function is_html()
  return FORMAT:match("html") ~= nil
end

local function escaped(value)
  return (value:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
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

-- Popovers of the numbers, in the order that the page shows them; the same cell has one.
local popovers, numbers = pandoc.List(), {}

local function described(rows)
  local lines = { "<dl>" }
  for _, row in ipairs(rows) do
    lines[#lines + 1] = "<dt>" .. escaped(row[1]) .. "</dt><dd>" .. escaped(row[2]) .. "</dd>"
  end
  lines[#lines + 1] = "</dl>"
  return table.concat(lines)
end

local function popover(rows)
  local told = described(rows)
  if numbers[told] then return numbers[told] end
  local id = "prov-" .. (#popovers + 1)
  numbers[told] = id
  popovers:insert(
    '<div popover autofocus tabindex="-1" id="' .. id .. '" class="provenance" role="dialog" aria-label="D’où vient ce nombre">'
      .. told
      .. '<button type="button" class="fermer" popovertarget="' .. id .. '" popovertargetaction="hide">Fermer</button></div>'
  )
  return id
end

-- The text of a sentence, its numbers as spans that `buttons` finds again. Words for a number whose figures are in
-- the same sentence stay words: one button a number is enough, and words flow over lines where a button does not.
local function marked(item)
  local parts = is_html() and unpacked(item.parts)
  if not parts then return text(item.text) end
  local out, in_figures = {}, {}
  for _, part in ipairs(parts) do
    if part[1]:find("%d") then in_figures[part[2]] = true end
  end
  for _, part in ipairs(parts) do
    local before = out[#out] or ""
    local plain_number = not part[1]:find("[%[%]\\`*_<{$]") and not before:find("[!\\%[]$")
    local wanted = part[2] > 0 and (part[1]:find("%d") or not in_figures[part[2]])
    if wanted and plain_number then
      out[#out + 1] = "[" .. part[1] .. "]{.nombre source=" .. part[2] .. "}"
    else
      out[#out + 1] = part[1]
    end
  end
  return table.concat(out)
end

local function buttons(inlines, item)
  if not (is_html() and item.sources) then return inlines end
  local sources = unpacked(item.sources)
  return inlines:walk({
    Span = function(span)
      local rows = span.classes:includes("nombre") and sources[tonumber(span.attributes.source or "0")]
      if not rows then return nil end
      local out = pandoc.Inlines({
        pandoc.RawInline(
          "html",
          '<button type="button" class="nombre" popovertarget="' .. popover(rows) .. '" aria-haspopup="dialog">'
        ),
      })
      out:extend(span.content)
      out:insert(pandoc.RawInline("html", "</button>"))
      return pandoc.Span(out, pandoc.Attr("", { "a-tenir" }))
    end,
  })
end

-- The longest run that holds together on one line: a telephone shows it, text enlarged.
local HELD = 22

-- The button of a number, alone or in the span of its value; nil for anything else.
local function lone_button(one)
  if one.t ~= "Span" then return nil end
  if one.classes:includes("a-tenir") then return one end
  return #one.content == 1 and lone_button(one.content[1])
end

-- A browser takes a button for a picture and may end a line between it and the bracket that touches it.
local function held(inlines)
  if not is_html() then return nil end
  local out, i = pandoc.Inlines({}), 1
  while i <= #inlines do
    local one = inlines[i]
    if lone_button(one) then
      local run = pandoc.Inlines({ one })
      while #out > 0 and out[#out].t == "Str" do run:insert(1, out:remove(#out)) end
      while inlines[i + 1] and inlines[i + 1].t == "Str" do
        i = i + 1
        run:insert(inlines[i])
      end
      local short = utf8.len((pandoc.utils.stringify(run))) <= HELD
      if #run > 1 and short then
        out:insert(pandoc.Span(run, pandoc.Attr("", { "tenu" })))
      else
        out:extend(run)
      end
    else
      out:insert(one)
    end
    i = i + 1
  end
  return out
end

local function unwrapped(span)
  if span.classes:includes("a-tenir") then return span.content end
  return nil
end

local function inline(id)
  local item = find(id)
  local kind = text(item.kind)
  if not is_text(kind) then
    stop("not-inline", 'the artefact "' .. id .. '" is a ' .. kind .. ': write it as a block, ::: {artefact="' .. id .. '"}')
  end
  return pandoc.Span(buttons(markdown(marked(item), id), item), pandoc.Attr("", { "artefact-" .. kind }, { { "data-artefact", id } }))
end

local function cell(source, header, scope, align)
  local attributes = {}
  if header then attributes[#attributes + 1] = { "scope", scope } end
  local inlines = source.text and plain(source.text)
  -- Typst sets no header cell apart by itself; HTML does it by its own element.
  if inlines and header and scope ~= "row" and not FORMAT:match("html") then inlines = { pandoc.Strong(inlines) } end
  return pandoc.Cell(
    inlines and { pandoc.Plain(inlines) } or {},
    scope == "colgroup" and "AlignCenter" or align,
    source.rowspan or 1,
    source.colspan or 1,
    pandoc.Attr("", {}, attributes)
  )
end

local ALIGN = { left = "AlignLeft", right = "AlignRight", center = "AlignCenter" }

local function native_table(packed, id)
  local source = unpacked(packed)
  local align = {}
  for i, name in ipairs(source.align) do align[i] = ALIGN[name] or "AlignDefault" end
  local row_headers = source["row-headers"] or 0
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
        local columns = one.colspan or 1
        local lines = one.rowspan or 1
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
  return lines
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
  local box = { { "role", "group" }, { "tabindex", "0" }, { "aria-label", "Tableau : " .. text(item.caption) } }
  return pandoc.Div({ tbl }, pandoc.Attr("", { "defile" }, box))
end

-- A drawing of ours as it is, so that the page can give it its colours; one of another hand stays a picture.
local function drawing(source, class, alt)
  local _, svg = pandoc.mediabag.fetch(source)
  if not svg or not svg:find('<svg[^>]-class="dessin"') or svg:find("<script") or svg:find("foreignObject") then
    return nil
  end
  local named = 'class="dessin ' .. class .. '" role="img" focusable="false" aria-label="' .. escaped(alt) .. '"'
  return (svg:gsub("^.-<svg", "<svg", 1):gsub('class="dessin"', function() return named end, 1):gsub("%s+$", ""))
end

local function body_of(item, id, kind, narrow_only)
  if item.withheld then
    return pandoc.Div({ pandoc.Para(plain(text(item.text))) }, pandoc.Attr("", { "non-diffuse" }))
  elseif kind == "figure" then
    local file = text(FORMAT:match("docx") and item.bitmap or item.image)
    local function picture(source, classes)
      local attributes = { { "fig-alt", text(item.alt) }, { "width", "100%" } }
      return pandoc.Image({}, source, "", pandoc.Attr("", classes, attributes))
    end
    local narrow = text(item["image-etroite"])
    if narrow and narrow_only and FORMAT == "typst" then return pandoc.Para({ picture(narrow, {}) }) end
    if not narrow or not is_html() then return pandoc.Para({ picture(file, {}) }) end
    local large = drawing(file, "image-large", text(item.alt))
    local small = large and drawing(narrow, "image-etroite", text(item.alt))
    if small then return pandoc.RawBlock("html", large .. "\n" .. small) end
    -- The page shows the one that fits; the style sheet hides the other from everyone.
    return pandoc.Para({ picture(file, { "image-large" }), picture(narrow, { "image-etroite" }) })
  end
  local tbl = native_table(item.table, id)
  if not FORMAT:match("html") then return tbl end
  return scrolling(tbl, item)
end

local function block(id, classes, narrow_only)
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
  local content = pandoc.List()
  if item.subtitle then
    content:insert(pandoc.Div({ pandoc.Para(plain(text(item.subtitle))) }, pandoc.Attr("", { "sous-titre" })))
  end
  content:insert(body_of(item, id, kind, narrow_only))
  content:insert(pandoc.Para(plain(text(item.caption))))
  local float = pandoc.Div(content, pandoc.Attr(id))
  local whole = pandoc.List({ float })
  local notes = notes_of(item)
  if #notes > 0 then whole:insert(pandoc.Div(notes, pandoc.Attr("", { "note-lines" }))) end
  if FORMAT:match("html") then
    if kind == "figure" and item.table then
      whole:insert(pandoc.RawBlock("html", '<details class="donnees"><summary>Voir les données en tableau</summary>'))
      whole:insert(scrolling(native_table(item.table, id), item))
      whole:insert(pandoc.RawBlock("html", "</details>"))
    end
    if item.sources and not item.withheld then
      local opened = '<details class="provenance-figure"><summary>Définition, base et méthode</summary>'
      whole:insert(pandoc.RawBlock("html", opened .. described(unpacked(item.sources)[1]) .. "</details>"))
    end
    local downloads = downloads_of(item)
    if downloads then whole:insert(downloads) end
  end
  local names = pandoc.List({ "artefact", "artefact-" .. kind })
  names:extend(classes)
  return pandoc.Div(whole, pandoc.Attr("", names, { { "data-artefact", id } }))
end

-- The letters that the rows of a table want, were its labels broken after a number of them; nil where a table is wide.
local function letters(id, labels)
  local item = find(id)
  if item.withheld or not item.table then return nil end
  local source, widths = unpacked(item.table), {}
  for _, rows in ipairs({ source.head or {}, source.body or {} }) do
    for _, line in ipairs(rows) do
      if #line > 4 then return nil end
      for column, one in ipairs(line) do
        if (one.colspan or 1) > 1 or (one.rowspan or 1) > 1 then return nil end
        local long = math.min(utf8.len(one.text or ""), column == 1 and labels or 99)
        widths[column] = math.max(widths[column] or 0, long + 2)
      end
    end
  end
  local whole = 0
  for _, width in ipairs(widths) do whole = whole + width end
  return whole
end

-- Two tables beside each other on paper, each with the width that it wants; nil where there is no room.
local function twins(one, two)
  local a, b = letters(one, 24), letters(two, 24)
  if not a or not b or a + b > 112 then return nil end
  a, b = letters(one, 40), letters(two, 40)
  local share = math.max(36, math.min(64, math.floor(100 * a / (a + b) + 0.5)))
  local attributes = { { "largeurs", share .. "fr, " .. (100 - share) .. "fr" } }
  local classes = { "cote-a-cote", "sur-place" }
  if math.max(#unpacked(find(one).table).body, #unpacked(find(two).table).body) > 12 then classes[3] = "secable" end
  return pandoc.Div({ block(one, pandoc.List()), block(two, pandoc.List()) }, pandoc.Attr("", classes, attributes))
end

-- On the page a chapter of the annex says which tables it has.
local function listed(chapter)
  if not is_html() then return pandoc.Blocks({}) end
  local links = pandoc.List(chapter.ids):map(function(id)
    return { pandoc.Plain({ pandoc.Link(plain(text(find(id).caption)), "#" .. id) }) }
  end)
  local label = escaped("Tableaux : " .. chapter.titre)
  return pandoc.Blocks({
    pandoc.RawBlock("html", '<nav class="tableaux-partie" aria-label="' .. label .. '">'),
    pandoc.BulletList(links),
    pandoc.RawBlock("html", "</nav>"),
  })
end

-- Every table of the annex, under the sections of the questionnaire.
local function annex()
  local blocks = pandoc.Blocks({})
  for number, chapter in ipairs(unpacked(artefacts_annex) or {}) do
    blocks:insert(pandoc.Header(2, plain(chapter.titre), pandoc.Attr("partie-" .. number)))
    blocks:extend(listed(chapter))
    local place = 1
    while place <= #chapter.ids do
      local one, two, after = chapter.ids[place], chapter.ids[place + 1], chapter.ids[place + 2]
      -- A question goes with its evolution rather than with the table before.
      local promised = two and after == two .. "-evolution" and letters(after, 24)
      local pair = FORMAT == "typst" and two and not promised and twins(one, two)
      blocks:extend(pandoc.Blocks({ pair or block(one, pandoc.List()) }))
      place = place + (pair and 2 or 1)
    end
  end
  return blocks
end

-- The explorer of the page: a link to the annex, then the tables as data and what shows them.
local function explorer(meta)
  if not is_html() or not meta.croisements then return {} end
  local link = '<p class="explorateur-annexe">Tous les croisements publiés sont aussi dans '
    .. '<a href="annexe-tableaux.html">l’annexe des tableaux</a>.</p>'
  return pandoc.RawBlock(
    "html",
    '<section class="explorateur" id="explorateur" aria-label="Explorer les croisements">' .. link
      .. '<script type="application/json" id="croisements">' .. text(meta.croisements) .. "</script></section>\n<script>"
      .. unpacked(meta.explorateur) .. "</script>"
  )
end

local page = {}

local function read_meta(meta)
  artefacts = meta.artefacts or {}
  artefacts_annex = meta.annexe
  page = meta
  return nil
end

-- A passage that stands only with a figure or a table: ::: {si="fig-evolution"}
local function conditional(div)
  local id = div.attributes.si
  if id == nil then return nil end
  if find(id).withheld then return {} end
  return div.content
end

local function absent(div)
  local id = div.attributes and div.attributes.artefact
  return id ~= nil and div.classes:includes("si-diffuse") and find(id).withheld
end

-- Two figures beside each other take their narrow drawing on paper; one that is left alone has the whole width.
local function beside(div)
  if not div.classes:includes("cote-a-cote") then return nil end
  div.content = div.content:filter(function(child) return not absent(child) end)
  if #div.content < 2 then return div.content end
  return div:walk({
    Div = function(inner)
      if inner.attributes.artefact then inner.attributes["en-etroit"] = "1" end
      return inner
    end,
  })
end

local resolve = {
  Div = function(div)
    if div.classes:includes("annexe-tableaux") then return annex() end
    if div.classes:includes("explorateur") then return explorer(page) end
    local id = div.attributes.artefact
    if id == nil then return nil end
    if #div.content > 0 then
      stop("not-empty", 'the block of the artefact "' .. id .. '" should be empty: its title and notes come with it')
    end
    return block(id, div.classes, div.attributes["en-etroit"] ~= nil)
  end,
  Span = function(span)
    local id = span.attributes.artefact
    if id == nil then return nil end
    return inline(id)
  end,
}

local function closing(doc)
  if #popovers == 0 then return nil end
  local all = '<section id="provenance" aria-label="Provenance des nombres">\n' .. table.concat(popovers, "\n") .. "\n</section>"
  doc.blocks:insert(pandoc.RawBlock("html", all))
  return doc
end

return {
  { Meta = read_meta }, { Div = conditional }, { Div = beside }, resolve, { Inlines = held }, { Span = unwrapped },
  { Pandoc = closing },
}
