// The explorer of crosses: two lists and a table, from the JSON beside it. Without it the link to the annex stays.
(function () {
  "use strict";
  var box = document.getElementById("explorateur");
  var source = document.getElementById("croisements");
  if (!box || !source) return;
  var questions = JSON.parse(source.textContent);
  var KEY = "#croisement=";

  // Everything goes through textContent: no label is ever read as HTML.
  function make(name, attributes, content) {
    var element = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    if (content !== undefined) element.textContent = content;
    return element;
  }

  function choice(id, label) {
    var group = make("p");
    group.appendChild(make("label", { for: id }, label));
    var list = make("select", { id: id });
    group.appendChild(list);
    choices.appendChild(group);
    return list;
  }

  var choices = make("div", { class: "explorateur-choix" });
  var question = choice("explorateur-question", "Question");
  var view = choice("explorateur-vue", "Ventilation");
  var result = make("div", { class: "explorateur-resultat" });
  var said = make("p", { class: "explorateur-annonce", role: "status", "aria-live": "polite" });
  [choices, said, result].forEach(function (element) { box.appendChild(element); });

  var shown = null;
  var annex = box.querySelector(".explorateur-annexe");
  if (annex) annex.hidden = true;

  var groups = {};
  questions.forEach(function (asked, index) {
    if (!groups[asked.section]) {
      groups[asked.section] = make("optgroup", { label: asked.section });
      question.appendChild(groups[asked.section]);
    }
    groups[asked.section].appendChild(make("option", { value: index }, asked.libelle));
  });

  function views() {
    view.textContent = "";
    questions[question.value].vues.forEach(function (one, index) {
      view.appendChild(make("option", { value: index }, one.par));
    });
  }

  function cell(parts, first) {
    if (first) return make("th", { scope: "row" }, parts[0]);
    var data = make("td");
    data.appendChild(make("span", { class: "valeur" }, parts[0]));
    if (parts.length > 1) {
      data.className = "a-barre";
      var bar = make("span", { class: "barre", "aria-hidden": "true" });
      bar.style.setProperty("--part", parts[1]);
      data.appendChild(bar);
    }
    return data;
  }

  function table(one) {
    var whole = make("table");
    var caption = make("caption");
    caption.appendChild(make("span", { class: "titre" }, one.titre));
    if (one.question) caption.appendChild(make("span", { class: "sous-titre" }, one.question));
    whole.appendChild(caption);
    var head = whole.createTHead().insertRow();
    one.tete.forEach(function (name) { head.appendChild(make("th", { scope: "col" }, name)); });
    var body = whole.createTBody();
    one.corps.forEach(function (line) {
      var row = body.insertRow();
      line.forEach(function (parts, index) { row.appendChild(cell(parts, index === 0)); });
    });
    return whole;
  }

  function show(tell) {
    shown = questions[question.value].vues[view.value].id;
    var one = questions[question.value].vues[view.value];
    result.textContent = "";
    var frame = make("div", { class: "defile", role: "group", tabindex: "0", "aria-label": "Tableau : " + one.titre });
    frame.appendChild(table(one));
    result.appendChild(frame);
    var lines = make("div", { class: "note-lines" });
    one.notes.forEach(function (line) {
      var found = /^(\S+\s:)(.*)$/.exec(line);
      var paragraph = make("p", {}, found ? found[2] : line);
      if (found) paragraph.insertBefore(make("strong", {}, found[1]), paragraph.firstChild);
      lines.appendChild(paragraph);
      lines.appendChild(document.createTextNode(" "));
    });
    result.appendChild(lines);
    var links = make("p", { class: "telechargements" });
    var csv = make("a", { href: "figures/" + one.id + ".csv", download: "" }, "Données (CSV)");
    csv.setAttribute("aria-label", "Données (CSV) : " + one.titre);
    links.appendChild(csv);
    links.appendChild(document.createTextNode(" "));
    links.appendChild(make("a", { href: "annexe-tableaux.html#" + one.id }, "Dans l’annexe"));
    result.appendChild(links);
    if (tell) {
      said.textContent = "Tableau affiché : " + one.titre;
      location.replace(KEY + shown);
    }
  }

  function follow() {
    if (location.hash.indexOf(KEY) !== 0) return false;
    var wanted = location.hash.slice(KEY.length);
    if (wanted === shown) return true;
    return questions.some(function (asked, q) {
      return asked.vues.some(function (one, v) {
        if (one.id !== wanted) return false;
        question.value = q;
        views();
        view.value = v;
        show(false);
        return true;
      });
    });
  }

  question.addEventListener("change", function () { views(); show(true); });
  view.addEventListener("change", function () { show(true); });
  window.addEventListener("hashchange", follow);
  views();
  if (follow()) box.scrollIntoView({ behavior: "instant" });
  else show(false);
})();
