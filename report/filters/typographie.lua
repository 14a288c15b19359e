-- French typography, for both engines: no-break spaces before ; : ! ? % » and after «, apostrophes,
-- quotation marks, thousands. Leaves code, addresses and what is already right alone.

local NB = "\u{00A0}" -- before : % » and after «
local NNB = "\u{202F}" -- before ; ! ? and between thousands

local BEFORE = { [";"] = NNB, ["!"] = NNB, ["?"] = NNB, [":"] = NB, ["%"] = NB, ["‰"] = NB, ["€"] = NB, ["»"] = NB }
local SPACES = { [" "] = true, [NB] = true, [NNB] = true, ["\u{2009}"] = true }
local CLOSING = { ["»"] = true, [")"] = true, ["]"] = true, ["."] = true, [","] = true, ["…"] = true, ["”"] = true }

local function letters(value)
  local out = {}
  for _, code in utf8.codes(value) do out[#out + 1] = utf8.char(code) end
  return out
end

local function is_address(value)
  return value:find("://", 1, true) or value:find("^www%.") or value:find("[%w]@[%w]")
    or value:find("^mailto:") or value:find("^doi:") or value:find("^10%.%d+/")
end

-- Would a sign at place i take a space before it? ":" inside 10:30 or a:b would not.
local function ends_here(list, i)
  for j = i + 1, #list do
    if not (BEFORE[list[j]] or CLOSING[list[j]]) then return false end
  end
  return true
end

local function word(value)
  if is_address(value) then return value end
  local list, out = letters(value), {}
  local open = false
  for i, letter in ipairs(list) do
    local previous = out[#out]
    if letter == "'" then
      out[#out + 1] = "’"
    elseif letter == "⋅" then
      out[#out + 1] = "·"
    elseif letter == '"' then
      local starts = i == 1 or list[i - 1] == "(" or list[i - 1] == "["
      out[#out + 1] = starts and ("«" .. NB) or (NB .. "»")
    elseif letter == "«" then
      out[#out + 1] = letter
      if list[i + 1] and not SPACES[list[i + 1]] then out[#out + 1] = NB end
    elseif BEFORE[letter] and previous and not SPACES[previous] and not BEFORE[previous]
      and (letter == "»" or letter == "%" or ends_here(list, i)) and not (previous == "(" or previous == "[") then
      out[#out + 1] = BEFORE[letter]
      out[#out + 1] = letter
    elseif BEFORE[letter] and previous and SPACES[previous] then
      out[#out] = BEFORE[letter]
      out[#out + 1] = letter
    else
      out[#out + 1] = letter
    end
  end
  return table.concat(out)
end

local function is_space(element)
  return element and (element.t == "Space" or element.t == "SoftBreak")
end

local function first_letter(element)
  if element and element.t == "Str" then
    local list = letters(element.text)
    return list[1], list
  end
  return nil
end

local function quotes(inlines)
  local out = pandoc.Inlines({})
  for _, element in ipairs(inlines) do
    if element.t == "Quoted" then
      local double = element.quotetype == "DoubleQuote"
      out:insert(pandoc.Str(double and ("«" .. NB) or "“"))
      out:extend(element.content)
      out:insert(pandoc.Str(double and (NB .. "»") or "”"))
    else
      out:insert(element)
    end
  end
  return out
end

local GLUED = { ["n°"] = true, ["N°"] = true, ["p."] = true, ["art."] = true }

local function line(inlines)
  local source = quotes(inlines)
  local out = pandoc.Inlines({})
  for i, element in ipairs(source) do
    local previous, following = out[#out], source[i + 1]
    if is_space(element) then
      local sign, list = first_letter(following)
      local glue = nil
      if sign and BEFORE[sign] and ends_here(list, 1) then
        glue = BEFORE[sign]
      elseif previous and previous.t == "Str" then
        local text = previous.text
        if text:sub(-2) == "«" or text == "«" then
          glue = NB
        elseif following and following.t == "Str"
          and ((following.text == "sur" and text:find("%d$") and source[i + 2] and source[i + 2].t == "Space"
              and source[i + 3] and source[i + 3].t == "Str" and source[i + 3].text:find("^%d"))
            or (text == "sur" and source[i - 3] and source[i - 3].t == "Str" and source[i - 3].text:find("%d$")
              and following.text:find("^%d"))
            or (text == "=" and following.text:find("^%d")) or (following.text == "=" and text:find("^%(?n$"))) then
          glue = NB -- "46 sur 54", "n = 116"
        elseif GLUED[text] and following and following.t == "Str" and following.text:find("^%d") then
          glue = NB
        elseif following and following.t == "Str" and text:find("%d$")
          and (text:find("^%d%d?%d?$") or text:find("[^%d.,%-–]%d%d?%d?$"))
          and (following.text:find("^%d%d%d$") or following.text:find("^%d%d%d[^%d]")) then
          glue = NNB
        end
      end
      out:insert(glue and pandoc.Str(glue) or element)
    elseif element.t == "Str" then
      local text = word(element.text)
      local sign, list = first_letter(element)
      if sign and BEFORE[sign] and previous and not is_space(previous) and ends_here(list, 1)
        and not (previous.t == "Str" and (SPACES[previous.text:sub(-2)] or SPACES[previous.text:sub(-3)])) then
        text = BEFORE[sign] .. text
      end
      out:insert(pandoc.Str(text))
    else
      out:insert(element)
    end
  end
  return out
end

local TITLES = { "title", "subtitle", "banniere", "chapo", "toc-title", "abstract" }

local function titles(meta)
  for _, key in ipairs(TITLES) do
    local value = meta[key]
    if pandoc.utils.type(value) == "Inlines" then
      meta[key] = pandoc.Span(value):walk({ Inlines = line }).content
    end
  end
  return meta
end

-- Plain text, for what is not in the tree: alternative texts and labels.
local function attributes(element)
  for _, key in ipairs({ "fig-alt", "aria-label" }) do
    if element.attributes[key] then
      local words = pandoc.Inlines({})
      for part in element.attributes[key]:gmatch("[^ ]+") do
        if #words > 0 then words:insert(pandoc.Space()) end
        words:insert(pandoc.Str(part))
      end
      element.attributes[key] = pandoc.utils.stringify(line(words))
    end
  end
  return element
end

return { { Meta = titles }, { Inlines = line }, { Image = attributes, Div = attributes, Link = attributes } }
