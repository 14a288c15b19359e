-- For word processors only. Marks where boxes begin and end, where the contents stand and how many columns head
-- the rows of each table: paragraphs of a style "synthese:…" that `synthese.rendering.docx` reads and takes out.

local CLASSES = {
  "encadre", "a-retenir", "chiffres-cles", "chiffre", "chiffre-cle", "pistes", "banniere", "chapo", "exergue", "note-lines",
  "non-diffuse", "contact", "mentions", "large", "robuste", "sous-titre", "ours", "methode", "glossaire", "deux-colonnes",
}

local function mark(words)
  return pandoc.RawBlock("openxml", '<w:p><w:pPr><w:pStyle w:val="synthese:' .. words .. '"/></w:pPr></w:p>')
end

local function box(div)
  if div.classes:includes("sommaire") then return mark("sommaire") end
  for _, class in ipairs(CLASSES) do
    if div.classes:includes(class) then
      local blocks = pandoc.Blocks({ mark("debut:" .. class), div, mark("fin:" .. class) })
      return blocks
    end
  end
  return nil
end

local function told(tbl)
  local columns = 0
  for _, body in ipairs(tbl.bodies) do columns = math.max(columns, body.row_head_columns) end
  return { mark("tableau:" .. columns), tbl }
end

if FORMAT ~= "docx" then return {} end
return { { Div = box, Table = told } }
