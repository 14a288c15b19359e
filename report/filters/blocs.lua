-- Boxes and other passages named by a class, for both engines. HTML keeps the div and styles it by
-- its class; Typst gets a call of the function of that name in typst-template.typ; docx a paragraph style.

local BOXES = {
  ["encadre"] = "encadre",
  ["a-retenir"] = "a-retenir",
  ["chiffre-cle"] = "chiffre-cle",
  ["pistes"] = "pistes",
  ["banniere"] = "banniere",
  ["chapo"] = "chapo",
  ["exergue"] = "exergue",
  ["note-lines"] = "note-lines",
  ["non-diffuse"] = "non-diffuse",
  ["contact"] = "contact",
  ["mentions"] = "mentions",
  ["large"] = "large",
  ["robuste"] = "robuste",
  ["sous-titre"] = "sous-titre",
  ["ours"] = "ours",
  ["methode"] = "methode",
  ["glossaire"] = "glossaire",
  ["deux-colonnes"] = "deux-colonnes",
}
-- Flow in two columns; what is wide in them stands between two passages, at the width of the page.
local FLOWING = { ["deux-colonnes"] = true, ["methode"] = true }
local WIDE = { "large", "encadre", "pistes", "exergue", "chiffre-cle", "chiffres-cles", "cote-a-cote" }
-- Quarto makes its own callouts; the embedded engine shows them as boxes.
local CALLOUTS = {
  ["callout-note"] = "Note",
  ["callout-tip"] = "Conseil",
  ["callout-important"] = "Important",
  ["callout-warning"] = "Attention",
  ["callout-caution"] = "Prudence",
}

local is_quarto = quarto ~= nil

local function callout(div)
  for class, title in pairs(CALLOUTS) do
    if div.classes:includes(class) then
      local content = div.content:clone()
      local first = content[1]
      local words = { pandoc.Str(title) }
      if div.attributes.title then
        words = { pandoc.Str(div.attributes.title) }
        div.attributes.title = nil
      elseif first and first.t == "Header" then
        words = first.content
        content:remove(1)
      end
      content:insert(1, pandoc.Para({ pandoc.Strong(words) }))
      return pandoc.Div(content, pandoc.Attr(div.identifier, { "encadre", class }, div.attributes))
    end
  end
  return nil
end

local function columns(div)
  local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#colonnes(") })
  for _, child in ipairs(div.content) do
    if child.t ~= "Div" then
      error('SYNTHESE[columns] a block ".colonnes" holds blocks ".colonne" only\n', 0)
    end
    blocks:insert(pandoc.RawBlock("typst", "["))
    blocks:extend(child.content)
    blocks:insert(pandoc.RawBlock("typst", "],"))
  end
  blocks:insert(pandoc.RawBlock("typst", ")"))
  return blocks
end

local function call(name, content)
  local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#" .. name .. "[") })
  blocks:extend(content)
  blocks:insert(pandoc.RawBlock("typst", "]"))
  return blocks
end

-- The note lines of an artefact, without their box; nil where it has none.
local function take_notes(part)
  for place, child in ipairs(part.content) do
    if child.t == "Div" and child.classes:includes("note-lines") then
      part.content:remove(place)
      return child.content
    end
  end
  return nil
end

-- On paper note lines run on in one paragraph: their labels, in bold, tell them apart.
local function run_on(lines)
  local whole = pandoc.Inlines({})
  for _, line in ipairs(lines) do
    if #whole > 0 then whole:insert(pandoc.Space()) end
    whole:extend(line.content)
  end
  return pandoc.Div({ pandoc.Para(whole) }, pandoc.Attr("", { "note-lines" }))
end

-- Things beside each other; what all their notes say is said once, under them all.
local function beside(div)
  local parts, notes, seen = pandoc.List(), pandoc.List(), {}
  for place, child in ipairs(div.content) do
    parts[place] = child
    notes[place] = child.t == "Div" and take_notes(child) or pandoc.Blocks({})
    for _, line in ipairs(notes[place]) do
      local words = pandoc.utils.stringify(line)
      seen[words] = (seen[words] or 0) + 1
    end
  end
  local shared, out = pandoc.Blocks({}), pandoc.Blocks({})
  local options = div.classes:includes("sur-place") and "mobile: false," or ""
  if div.classes:includes("secable") then options = options .. "secable: true," end
  if div.attributes.largeurs then options = options .. "largeurs: (" .. div.attributes.largeurs .. ")," end
  out:insert(pandoc.RawBlock("typst", "#cote-a-cote(" .. options))
  for place, part in ipairs(parts) do
    local own = pandoc.Blocks({})
    for _, line in ipairs(notes[place]) do
      if #parts == 1 or seen[pandoc.utils.stringify(line)] < #parts then
        own:insert(line)
      elseif place == 1 then
        shared:insert(line)
      end
    end
    out:insert(pandoc.RawBlock("typst", "["))
    out:insert(part)
    if #own > 0 then out:insert(run_on(own)) end
    out:insert(pandoc.RawBlock("typst", "],"))
  end
  if #shared > 0 then
    out:insert(pandoc.RawBlock("typst", "notes: ["))
    out:insert(run_on(shared))
    out:insert(pandoc.RawBlock("typst", "]"))
  end
  out:insert(pandoc.RawBlock("typst", ")"))
  return out
end

-- A row of numbers: of each, the first paragraph is the number, the rest its words.
local function numbers(div)
  local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#chiffres-cles(") })
  for _, child in ipairs(div.content) do
    if child.t ~= "Div" or not child.classes:includes("chiffre") or #child.content < 2 then
      error('SYNTHESE[columns] a block ".chiffres-cles" holds blocks ".chiffre" only: a number, then its words\n', 0)
    end
    blocks:insert(pandoc.RawBlock("typst", "(["))
    blocks:insert(child.content[1])
    blocks:insert(pandoc.RawBlock("typst", "], ["))
    for place = 2, #child.content do blocks:insert(child.content[place]) end
    blocks:insert(pandoc.RawBlock("typst", "]),"))
  end
  blocks:insert(pandoc.RawBlock("typst", ")"))
  return blocks
end

local function is_wide(block)
  if block.t ~= "Div" then return false end
  for _, class in ipairs(WIDE) do
    if block.classes:includes(class) then return true end
  end
  return block.classes:includes("artefact-figure")
end

local function flow(div, name)
  local blocks, passage = pandoc.Blocks({}), pandoc.Blocks({})
  local function close()
    if #passage > 0 then blocks:extend(call(name, passage)) end
    passage = pandoc.Blocks({})
  end
  for _, child in ipairs(div.content) do
    if is_wide(child) then
      close()
      blocks:insert(child)
    else
      passage:insert(child)
    end
  end
  close()
  return blocks
end

local function box(div)
  if not is_quarto then
    local made = callout(div)
    if made then div = made end
  end
  if div.classes:includes("sommaire") then
    -- The page has its contents beside the text; the PDF where the author wants it.
    if FORMAT == "typst" then return pandoc.RawBlock("typst", "#sommaire()") end
    return {}
  end
  if FORMAT == "typst" then
    -- A wrapper would swallow the space around what it holds.
    if div.classes:includes("artefact-figure") and not div.classes:includes("sur-place") then
      return call("flottant", div.content)
    end
    if div.classes:includes("artefact") then return div.content end
    if div.classes:includes("colonnes") then return columns(div) end
    if div.classes:includes("chiffre-cle") and #div.content > 1 then
      local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#chiffre-cle[") })
      for index, child in ipairs(div.content) do
        if index == 2 then blocks:insert(pandoc.RawBlock("typst", "][")) end
        blocks:insert(child)
      end
      blocks:insert(pandoc.RawBlock("typst", "]"))
      return blocks
    end
    for _, class in ipairs(div.classes) do
      if BOXES[class] then
        local content = class == "note-lines" and run_on(div.content).content or div.content
        return call(class, content)
      end
    end
  elseif FORMAT == "docx" then
    for _, class in ipairs(div.classes) do
      if BOXES[class] then
        div.attributes["custom-style"] = "Synthèse " .. class
        return div
      end
    end
  end
  return div
end

-- Typst cannot name a cell that heads a row: how many columns do is told before each table, in a comment
-- that `synthese.rendering.tagging` reads to mend the tags of the PDF.
local function told(tbl)
  if FORMAT ~= "typst" then return nil end
  local columns = 0
  for _, body in ipairs(tbl.bodies) do columns = math.max(columns, body.row_head_columns) end
  return { pandoc.RawBlock("typst", "/* en-tetes-de-ligne: " .. columns .. " */"), tbl }
end

-- What is set by its parts, while these are still divs: a passage in columns, things beside each other.
local function parted(div)
  if FORMAT ~= "typst" then return nil end
  if div.classes:includes("cote-a-cote") then return beside(div) end
  if div.classes:includes("chiffres-cles") then return numbers(div) end
  for _, class in ipairs(div.classes) do
    if FLOWING[class] then return flow(div, class) end
  end
  return nil
end

-- From the inside out, so that a box in a box is made too.
return { { Div = parted }, { Div = box }, { Table = told } }
