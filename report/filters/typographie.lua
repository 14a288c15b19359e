-- French typography, for both engines: spaces, quotation marks, dashes, apostrophes, ordinals, inclusive forms.
-- The same rules in the same order as `synthese.formatting.french`; a test runs the same texts through both.
-- Leaves code, mathematics, raw output, addresses, what is marked as another language ([…]{lang=en}, ::: {lang=en})
-- and what is already right alone.
--
-- A paragraph becomes one string with one byte a letter, so that Lua's patterns can be used: Latin-1, the bytes 128
-- to 148 for the other signs that matter, \1 where formatting begins or ends, \2 for what is only looked at as a whole.

local SIGNS = {
  [0x202F] = 128, [0x2009] = 129, [0x2019] = 130, [0x201C] = 131, [0x201D] = 132, [0x201E] = 133, [0x2013] = 134,
  [0x2014] = 135, [0x2212] = 136, [0x2026] = 137, [0x22C5] = 138, [0x2022] = 139, [0x2027] = 140, [0x2219] = 141,
  [0x0152] = 142, [0x0153] = 143, [0x0178] = 144, [0x20AC] = 145, [0x2030] = 146, [0x2264] = 147, [0x2265] = 148,
}
local TEXT = {}
for byte = 0, 255 do TEXT[byte] = utf8.char(byte) end
for code, byte in pairs(SIGNS) do TEXT[byte] = utf8.char(code) end

local NB, NNB = "\160", "\128"
local L = "A-Za-z\142-\144\192-\214\216-\246\248-\255"
local W = L .. "0-9"
local B = " \t\160\128\129"
local S = B .. "\n"
local UPPER = "A-Z\142\144\192-\214\216-\222"

local function set(class)
  local out = {}
  for byte = 0, 255 do
    local char = string.char(byte)
    if char:find("[" .. class .. "]") then out[char] = true end
  end
  return out
end

local letter, word, digit, blank, space, upper = set(L), set(W), set("0-9"), set(B), set(S), set(UPPER)
local after_apostrophe = set(W .. "\171\131\"%*_%[%(\1\2")
local closes = set(S .. "%)%]\187\132\"\130%.,\137%*_\1")
local before_sign = set(S .. ";!?%(%[\171")
local before_colon = set(S .. ":|%(%[\171%-")
local after_colon = set(S .. "\187%*_\1")
local unit_goes_on = set(W .. "\130'%-\178\179\176\145")
local before_number = set(W .. "%.,")
local before_range = set(W .. "%.,\134\136/%-")
local before_dash = set(S .. "%(%[\171\131:;/|\134\135%-")
local after_dash = set(S .. "\134\135%-")
local closes_incise = set(",%.;:!?%)\137\187")

local function words(list)
  local out = {}
  for one in list:gmatch("%S+") do out[one] = true end
  return out
end

local ORDINALS = {
  ["\232"] = "e", ier = "er", iers = "ers", ["\232re"] = "re", ["\233re"] = "re", ["i\232re"] = "re", iere = "re", ere = "re",
  ["\232res"] = "res", ["\233res"] = "res", ["i\232res"] = "res", ieres = "res", eres = "res",
  ["\232me"] = "e", ["\233me"] = "e", eme = "e", ["i\232me"] = "e", ieme = "e",
  ["\232mes"] = "es", ["\233mes"] = "es", emes = "es", ["i\232mes"] = "es", iemes = "es",
}
local UNITS = words("k\145 M\145 Md\145 km\178 km m\178 m\179 cm mm ha min kg kWh MWh GWh kW MW ko Mo Go \176C \176 ETP ETPT "
  .. "point points million millions milliard milliards euro euros an ans mois h m s j g t W L")
local CIVIL = words("M. MM. Mme Mmes Mlle Mlles Dr Dre Pr Pre Me Mgr")
local NUMBERED = words("n\176 N\176 n\186 N\186 p. pp. art. vol. chap. fig. t. \167")

local function at(s, i) return i >= 1 and i <= #s and s:sub(i, i) or nil end

-- The letter before place i, formatting apart.
local function before(s, i)
  repeat i = i - 1 until i < 1 or s:byte(i) ~= 1
  return at(s, i)
end

local function following(s, i)
  while i <= #s and s:byte(i) == 1 do i = i + 1 end
  return at(s, i)
end

local function range(s, i, low, high, j)
  if high:sub(-1) == "," then high, j = high:sub(1, -2), j - 1 end
  local function number(side)
    local whole = side:match("^(%d%d?%d?%d?)$") or side:match("^(%d%d?%d?%d?),%d+$")
    if not whole or (#whole > 1 and whole:sub(1, 1) == "0") then return nil end
    return tonumber((side:gsub(",", ".")))
  end
  local a, b = number(low), number(high)
  if not a or not b or a >= b or before_range[at(s, i - 1)] then return nil end
  local next = at(s, j)
  if next and (word[next] or next == "/" or next == "-") then return nil end
  if (next == "." or next == ",") and digit[at(s, j + 1)] then return nil end
  return low .. "\134" .. high .. s:sub(j, j + 1):match("^,?")
end

local function marks(s)
  if s:find("[\138-\141]") then
    s = s:gsub("()[\138-\141]", function(i)
      return letter[at(s, i - 1)] and letter[at(s, i + 1)] and "\183" or nil
    end)
  end
  if s:find("'", 1, true) then
    s = s:gsub("()'", function(i)
      return letter[at(s, i - 1)] and after_apostrophe[at(s, i + 1)] and "\130" or nil
    end)
  end
  if s:find("...", 1, true) then
    s = s:gsub("%.%.%.+", function(dots) return #dots == 3 and "\137" or nil end)
  end
  local function ordinal(i, number, ending, j)
    if before_number[at(s, i - 1)] or word[at(s, j)] or not ORDINALS[ending] then return nil end
    return number .. ORDINALS[ending]
  end
  s = s:gsub("()([0-9]+)([" .. L .. "]+)()", ordinal)
  if s:find("[IVX]") then s = s:gsub("()([IVX]+)([" .. L .. "]+)()", ordinal) end
  if s:find("-", 1, true) then
    s = s:gsub("()%-%-()", function(i, j) return digit[at(s, i - 1)] and digit[at(s, j)] and "\134" or nil end)
    s = s:gsub("()([0-9]+,?[0-9]*)%-([0-9]+,?[0-9]*)()", function(i, low, high, j)
      local made = range(s, i, low, high, j)
      return made and made:sub(1, #low + 1 + #high) or nil
    end)
    s = s:gsub("()%-()", function(i, j)
      local previous = at(s, i - 1)
      if not digit[at(s, j)] or (previous and not (space[previous] or previous:find("[%(%[\171]"))) then return nil end
      if blank[previous] and digit[at(s, i - 2)] then return nil end
      return "\136"
    end)
  end
  return s
end

local WRITTEN = { ["-"] = "\134", ["--"] = "\134", ["---"] = "\135", ["\134"] = "\134", ["\135"] = "\135" }

-- A dash that opens an incise keeps to what follows, a dash that closes it to what precedes.
local function dashes(s)
  if not s:find("[" .. B .. "][%-\134\135]") then return s end
  local out, done, opened, from = {}, 1, false, 1
  while true do
    local i, j, dash, gap = s:find("[" .. B .. "]([%-\134\135]+)([" .. B .. "]?)", from)
    if not i then break end
    local previous, raw, real = before(s, i), at(s, j + 1), following(s, j + 1)
    from = i + 1
    if WRITTEN[dash] and previous and not before_dash[previous] and raw and not after_dash[raw] and real then
      from = j + 1
      local shuts = closes_incise[real]
      local figures = digit[real] and (digit[previous] or dash == "-")
      if not figures and (gap ~= "" or shuts) then
        local between = s:sub(done, i - 1)
        opened = (between:find("[%.!?\137][" .. S .. "]") or between:find("\n", 1, true)) and true or not opened
        if shuts and opened then
          opened = false
        else
          out[#out + 1] = between .. (opened and " " or NB) .. WRITTEN[dash] .. (shuts and "" or opened and NB or " ")
          done = j + 1
        end
      end
    end
  end
  return table.concat(out) .. s:sub(done)
end

-- Pairs of quotation marks, properly nested, on one line.
local OPENS = { ["\187"] = "\171", ["\132"] = "\131", ['"'] = '"' }

local function quotes(s)
  if not s:find('["\131-\133]') then return s end
  local found, waiting = {}, {}
  for i, sign in s:gmatch('()([\171\187\131-\133"\n])') do
    if sign == "\n" then
      waiting = {}
    else
      local last = 0
      for k = #waiting, 1, -1 do
        if waiting[k][1] == OPENS[sign] then last = k break end
      end
      local previous, next = at(s, i - 1), at(s, i + 1)
      if sign == '"' and not (last > 0 and previous and not space[previous]) then
        if next and not space[next] and not word[previous] then waiting[#waiting + 1] = { sign, i } end
      elseif not OPENS[sign] then
        waiting[#waiting + 1] = { sign == "\133" and "\131" or sign, i }
      elseif last > 0 then
        found[#found + 1] = { waiting[last][2], i }
        for k = #waiting, last, -1 do waiting[k] = nil end
      end
    end
  end
  if #found == 0 then return s end
  local changed = {}
  for _, pair in ipairs(found) do
    if at(s, pair[1]) ~= "\171" then
      local depth = 0
      for _, other in ipairs(found) do
        if other[1] < pair[1] and pair[2] < other[2] then depth = depth + 1 end
      end
      changed[pair[1]] = depth % 2 == 1 and "\131" or "\171"
      changed[pair[2]] = depth % 2 == 1 and "\132" or "\187"
    end
  end
  return (s:gsub('()["\131-\133]', function(i) return changed[i] end))
end

local function thousands(s)
  local out, done, from = {}, 1, 1
  while true do
    local i, j = s:find("[1-9][0-9]?[0-9]?[ \160\128\129][0-9][0-9][0-9]", from)
    if not i then break end
    from = i + 1
    local previous = at(s, i - 1)
    if not before_number[previous] and not (blank[previous] and digit[at(s, i - 2)]) then
      while s:find("^[ \160\128\129][0-9][0-9][0-9]", j + 1) do j = j + 4 end
      local head = i + #s:match("^[0-9]+", i)
      while digit[at(s, j + 1)] do j = j - 4 end
      if j >= head then
        out[#out + 1] = s:sub(done, i - 1) .. s:sub(i, j):gsub("[ \160\128\129]", NNB)
        done, from = j + 1, j + 1
      end
    end
  end
  return table.concat(out) .. s:sub(done)
end

-- What may belong to what stands before it; after a digit, anything may.
local attracts = set("0-9=<>\147\148\136s\1" .. UPPER)

-- Is this the blank between two things that belong together?
local function glued(back, ahead)
  local z, a = back:sub(-1), ahead:sub(1, 1)
  if digit[a] then
    if z:find("[=<>\147\148]") or back:find("[0-9][" .. B .. "]sur$") then return true end
    if z:find("[\176\186%.\167]") then
      for size = 1, math.min(5, #back) do
        local alone = size == #back or not word[back:sub(-size - 1, -size - 1)]
        if alone and NUMBERED[back:sub(-size)] then return true end
      end
    end
  end
  if (digit[a] or a == "\136") and back:find("[=<>\147\148]$") then
    local name = back:match("([" .. W .. "]+)[" .. B .. "].$")
    if name and #name <= 2 and not name:find("[^A-Za-z]") then return true end
  end
  if ahead:find("^[=<>\147\148][" .. B .. "][0-9\136]") then
    local name = back:match("([" .. W .. "]+)$")
    return name and #name <= 2 and not name:find("[^A-Za-z]")
  end
  if digit[z] then
    if ahead:find("^sur[" .. B .. "][0-9]") then return true end
    local unit = ahead:match("^[" .. L .. "\145\178\179\176]+")
    if unit and UNITS[unit] and not unit_goes_on[ahead:sub(#unit + 1, #unit + 1)] then return true end
  end
  if upper[a] then
    local token = back:match("([" .. W .. "]+%.?)$")
    if token and CIVIL[token] then return true end
  end
  if letter[z] then
    local rank = back:match("([" .. W .. "]+)$")
    if (rank:find("^[IVX]+er?$") or rank:find("^[0-9]+e$")) and ahead:find("^si\232cles?%f[^" .. W .. "]")
      and not ahead:find("^si\232cles?[" .. W .. "]") then
      return true
    end
    local roman, rest = ahead:match("^([IVX]+)([" .. W .. "]*)")
    if roman and #roman >= 2 and rest == "" then return true end
  end
  return false
end

local function spaces(s)
  if s:find("[\171\187]") then
    s = s:gsub("\171[" .. B .. "]*()", function(j)
      local next = at(s, j)
      return next and not space[next] and "\171" .. NB or nil
    end)
    s = s:gsub("()[" .. B .. "]*\187", function(i)
      local previous = at(s, i - 1)
      return previous and not space[previous] and NB .. "\187" or nil
    end)
  end
  if s:find("[;!?]") then
    s = s:gsub("()[" .. B .. "]*([;!?]+)()", function(i, signs, j)
      local previous, next = before(s, i), at(s, j)
      if not previous or before_sign[previous] or (next and not closes[next]) then return nil end
      return NNB .. signs
    end)
  end
  if s:find(":", 1, true) then
    s = s:gsub("()[" .. B .. "]*:()", function(i, j)
      local previous, next = before(s, i), at(s, j)
      if not previous or before_colon[previous] or (next and not after_colon[next]) then return nil end
      return NB .. ":"
    end)
  end
  if s:find("[%%\145\146]") then
    s = s:gsub("()([" .. B .. "]*)([%%\145\146])()", function(i, gap, sign, j)
      local previous = before(s, i)
      if word[at(s, j)] or not previous or space[previous] or (gap == "" and not digit[previous]) then return nil end
      return NB .. sign
    end)
  end
  if not s:find("[0-9IVXM.DP]") then return s end
  s = thousands(s)
  if s:find("h", 1, true) then
    s = s:gsub("()([0-9]+)[" .. B .. "]?h[" .. B .. "]?([0-5][0-9])()", function(i, hours, minutes, j)
      if #hours > 2 or before_number[at(s, i - 1)] or unit_goes_on[at(s, j)] then return nil end
      return hours .. NB .. "h" .. NB .. minutes
    end)
    s = s:gsub("()([0-9]+)[" .. B .. "]?h()", function(i, hours, j)
      if #hours > 2 or before_number[at(s, i - 1)] or unit_goes_on[at(s, j)] then return nil end
      return hours .. NB .. "h"
    end)
  end
  return (s:gsub("()[ \t\128\129]()", function(i, j)
    if not (attracts[at(s, j)] or digit[before(s, i)]) then return nil end
    local back, ahead = s:sub(i > 16 and i - 16 or 1, i - 1), s:sub(j, j + 16)
    if back:find("\1", 1, true) then back = back:gsub("\1", "") end
    if ahead:find("\1", 1, true) then ahead = ahead:gsub("\1", "") end
    if back == "" or not glued(back, ahead) then return nil end
    return NB
  end))
end

local function mend(s)
  local function once(text) return spaces(quotes(dashes(marks(text)))) end
  local made = once(s)
  while made ~= s do -- a space put in by one rule can make room for another
    s, made = made, once(made)
  end
  return made
end

-- From a tree to bytes and back

local ADDRESS = "[^%s\"<>\194\226]+"
local PATTERNS = { "%a[%w+.-]*://" .. ADDRESS, "%f[%w_]mailto:" .. ADDRESS, "%f[%w_]doi:" .. ADDRESS, "%f[%w_]www%." .. ADDRESS,
  "%f[%w_]10%.%d%d%d%d+/" .. ADDRESS, "[%w_.+-]+@[%w-]+%.[%w.-]+" }

local function address(text)
  if not text:find("[:@/]") and not text:find("www.", 1, true) then return nil end
  local first, last
  for _, pattern in ipairs(PATTERNS) do
    local i, j = text:find(pattern)
    if i and (not first or i < first) then first, last = i, j end
  end
  return first, last
end

local function encode(text, out, whole)
  local first, last = address(text)
  if first then
    encode(text:sub(1, first - 1), out, whole)
    out[#out + 1] = "\2"
    whole[#whole + 1] = text:sub(first, last)
    return encode(text:sub(last + 1), out, whole)
  end
  if not text:find("[\1-\8\11-\31\128-\255]") then
    out[#out + 1] = text
    return nil
  end
  for _, code in utf8.codes(text) do
    if SIGNS[code] then
      out[#out + 1] = string.char(SIGNS[code])
    elseif (code >= 32 and code < 127) or code == 9 or code == 10 or (code >= 160 and code < 256) then
      out[#out + 1] = string.char(code)
    else
      out[#out + 1] = "\2"
      whole[#whole + 1] = utf8.char(code)
    end
  end
  return nil
end

local function decode(s)
  if not s:find("[\128-\255]") then return s end
  return (s:gsub("[\128-\255]", function(char) return TEXT[char:byte()] end))
end

local function foreign(element)
  local lang = element.attributes and (element.attributes.lang or element.attributes["xml:lang"])
  return lang and not lang:find("^fr")
end

local OPAQUE = { Code = true, Math = true, Image = true, Cite = true }
local WRAPS = { Emph = true, Strong = true, Span = true, Link = true, Strikeout = true, SmallCaps = true, Underline = true,
  Superscript = true, Subscript = true }
local line

-- Plain text, for what is not in the tree: alternative texts and labels. Tells whether one was mended.
local function attributes(element)
  local changed = false
  for _, key in ipairs({ "fig-alt", "aria-label" }) do
    local value = element.attributes[key]
    if value then
      local out, whole, held = {}, {}, 0
      encode(value, out, whole)
      local made = decode(mend(table.concat(out))):gsub("\2", function()
        held = held + 1
        return whole[held]
      end)
      if made ~= value then
        element.attributes[key] = made
        changed = true
      end
    end
  end
  return changed
end

local function flatten(inlines, out, whole, edges)
  local changed = false -- in what the bytes do not show
  for _, element in ipairs(inlines) do
    local kind = element.t
    if kind == "Str" then
      encode(element.text, out, whole)
    elseif kind == "Space" or kind == "SoftBreak" then
      out[#out + 1] = " "
    elseif kind == "LineBreak" then
      out[#out + 1] = "\n"
    elseif kind == "Quoted" then
      changed = true
      out[#out + 1] = "\131"
      flatten(element.content, out, whole, edges)
      out[#out + 1] = "\132"
    elseif OPAQUE[kind] or (WRAPS[kind] and foreign(element))
      or (kind == "Link" and element.target:gsub("^mailto:", "") == pandoc.utils.stringify(element.content)) then
      if kind == "Image" and not foreign(element) then changed = attributes(element) or changed end
      out[#out + 1] = "\2"
      whole[#whole + 1] = element
    elseif WRAPS[kind] then
      if kind == "Link" then changed = attributes(element) or changed end
      out[#out + 1] = "\1"
      edges[#edges + 1] = { open = element }
      changed = flatten(element.content, out, whole, edges) or changed
      out[#out + 1] = "\1"
      edges[#edges + 1] = { close = true }
    else
      if kind == "Note" then
        element = element:walk({ traverse = "topdown", Inlines = line })
        changed = true
      end
      out[#out + 1] = "\1"
      edges[#edges + 1] = { element = element }
    end
  end
  return changed
end

-- Where ordinals are raised (\3 … \4) and inclusive forms kept on one line (\5 … \6).
local RAISED = words("er ers re res e es nd nds nde ndes")

local function raise(s)
  if s:find("[0-9][endr]") then
    s = s:gsub("()([0-9]+)([endrs]+)()", function(i, number, ending, j)
      if not RAISED[ending] or before_number[at(s, i - 1)] or word[at(s, j)] then return nil end
      local first = ending:sub(1, 1)
      if (ending:find("r") and number ~= "1") or (first == "n" and number ~= "2") then return nil end
      return number .. "\3" .. ending .. "\4"
    end)
  end
  if s:find("[IVX]e") or s:find("I[er]") then
    s = s:gsub("()([IVX]+)([er]+s?)()", function(i, number, ending, j)
      if word[at(s, i - 1)] or word[at(s, j)] or not RAISED[ending] or (ending:find("r") and number ~= "I") then return nil end
      if #number < 2 and not s:find("^[" .. B .. "]si\232cle", j) and not s:find("^[" .. B .. "]R\233publique", j) then return nil end
      return number .. "\3" .. ending .. "\4"
    end)
  end
  if s:find("\183", 1, true) then
    s = s:gsub("[" .. L .. "\130%-]+\183[" .. L .. "\183%-]+", function(form)
      if not form:find("[" .. L .. "]\183[" .. L .. "]") then return nil end
      return "\5" .. form .. "\6"
    end)
  end
  return s
end

local function kept_together(content)
  if FORMAT == "typst" then
    table.insert(content, 1, pandoc.RawInline("typst", "#box["))
    content[#content + 1] = pandoc.RawInline("typst", "];") -- the stop keeps what follows from being read as code
  elseif FORMAT:match("html") then
    return { pandoc.Span(content, pandoc.Attr("", { "inclusif" })) }
  end
  return content
end

local function rebuild(s, whole, edges)
  local stack, out, text = {}, {}, ""
  local held, edge = 0, 0
  local function put(element)
    if text ~= "" then out[#out + 1] = pandoc.Str(text) end
    text = ""
    out[#out + 1] = element
  end
  local function open(element)
    put(nil)
    stack[#stack + 1] = { out = out, element = element }
    out = {}
  end
  local function close()
    put(nil)
    local content, outer = out, table.remove(stack)
    out = outer.out
    return content, outer.element
  end
  for run, sign in (s .. "\7"):gmatch("([^\1-\7 \n]*)([\1-\7 \n])") do
    text = text .. decode(run)
    if sign == " " then
      put(pandoc.Space())
    elseif sign == "\n" then
      put(pandoc.LineBreak())
    elseif sign == "\2" then
      held = held + 1
      local one = whole[held]
      if type(one) == "string" then text = text .. one else put(one) end
    elseif sign == "\1" then
      edge = edge + 1
      local one = edges[edge]
      if one.element then
        put(one.element)
      elseif one.open then
        open(one.open)
      else
        local content, element = close()
        element.content = content
        put(element)
      end
    elseif sign == "\3" or sign == "\5" then
      open()
    elseif sign == "\4" then
      put(pandoc.Superscript((close())))
    elseif sign == "\6" then
      for _, element in ipairs(kept_together((close()))) do put(element) end
    end
  end
  put(nil)
  return out
end

-- Gives nil where nothing is to be mended.
local function printed(inlines, marked)
  local out, whole, edges = {}, {}, {}
  local changed = flatten(inlines, out, whole, edges)
  local given = table.concat(out)
  local made = mend(given)
  if marked then made = raise(made) end
  if made == given and not changed then return nil end
  return rebuild(made, whole, edges)
end

line = function(inlines)
  return printed(inlines, true), false
end

local TITLES = { "title", "subtitle", "banniere", "chapo", "toc-title", "abstract" }
local is_french = true

-- Titles also stand where no markup can: their letters are mended, nothing is raised in them.
local function titles(meta)
  local lang = meta.lang and pandoc.utils.stringify(meta.lang)
  is_french = not lang or lang:find("^fr") ~= nil
  if not is_french then return nil end
  for _, key in ipairs(TITLES) do
    local value = meta[key]
    if pandoc.utils.type(value) == "Inlines" then meta[key] = pandoc.Inlines(printed(value, false) or value) end
  end
  return meta
end

local function passage(element)
  if not is_french or foreign(element) then return element, false end
  if element.t == "Div" and attributes(element) then return element end
  return nil
end

return {
  { Meta = titles },
  {
    traverse = "topdown",
    Div = passage,
    Header = passage,
    Inlines = function(inlines)
      if is_french then return line(inlines) end
      return nil, false
    end,
  },
}
