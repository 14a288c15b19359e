// What the page does better with a script, and does without one too: the contents show where the reader is,
// they close on a telephone once a title is chosen, and each title offers its address.
(function () {
  "use strict";
  // A table that fits needs no box that the keyboard stops at.
  const fitting = "ResizeObserver" in window && new ResizeObserver(function (entries) {
    entries.forEach(function (entry) {
      const box = entry.target, wide = box.scrollWidth > box.clientWidth;
      [["role", "group"], ["tabindex", "0"], ["aria-label", box.dataset.nom]].forEach(function (pair) {
        if (wide) box.setAttribute(pair[0], pair[1]);
        else box.removeAttribute(pair[0]);
      });
    });
  });
  if (fitting) document.querySelectorAll(".defile[aria-label]").forEach(function (box) {
    box.dataset.nom = box.getAttribute("aria-label");
    fitting.observe(box);
  });

  const nav = document.getElementById("TOC");
  if (!nav || !("IntersectionObserver" in window)) return;
  // A column shows the contents at all times: those who hear the page must not be told that they are closed.
  const column = window.matchMedia("(min-width: 70rem)"), details = nav.querySelector("details");
  function unfold() { if (details) details.open = column.matches; }
  column.addEventListener("change", unfold);
  unfold();

  const links = new Map();
  nav.querySelectorAll("a").forEach(function (link) {
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section) links.set(section, link);
  });

  let current = null;
  function mark() {
    // The last title above the upper third of the window is that of what is read.
    const limit = window.innerHeight * 0.34 + 1;
    let found = null;
    links.forEach(function (link, section) {
      if (section.getBoundingClientRect().top <= limit) found = link;
    });
    if (found === current) return;
    if (current) current.removeAttribute("aria-current");
    current = found;
    if (!current) return;
    current.setAttribute("aria-current", "true");
    // Only the column moves, never the page.
    const room = nav.getBoundingClientRect(), place = current.getBoundingClientRect();
    if (place.top < room.top || place.bottom > room.bottom) nav.scrollTop += place.top - room.top - room.height / 3;
  }
  const watcher = new IntersectionObserver(mark, { rootMargin: "-33% 0px -66% 0px" });
  links.forEach(function (_, section) { watcher.observe(section); });
  mark();

  nav.addEventListener("click", function (event) {
    if (details && !column.matches && event.target.closest("a")) details.open = false;
  });

  // For the mouse only: the contents give the keyboard and the screen reader the same addresses.
  document.querySelectorAll("main section[id] > :is(h2, h3, h4)").forEach(function (title) {
    const anchor = document.createElement("a");
    anchor.className = "ancre";
    anchor.href = "#" + title.parentElement.id;
    anchor.tabIndex = -1;
    anchor.setAttribute("aria-hidden", "true");
    anchor.textContent = "#";
    title.append(anchor);
  });
})();
