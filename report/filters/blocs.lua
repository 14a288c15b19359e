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
  ["deux-colonnes"] = "deux-colonnes",
}
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
        local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", "#" .. BOXES[class] .. "[") })
        blocks:extend(div.content)
        blocks:insert(pandoc.RawBlock("typst", "]"))
        return blocks
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

-- From the inside out, so that a box in a box is made too.
return { { Div = box }, { Table = told } }
