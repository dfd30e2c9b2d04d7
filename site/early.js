// Runs before the first paint, so that a page opened in another mode or theme, or at another chapter, does not change
// before the reader's eyes. What follows later, on a click, is in chapters.js.
//
// The address says what is open: #tokens is a section, #chapter-inside a chapter. `<html data-leaf="…">` is the leaf
// of a chapter that is shown; without it all are, as ?page=all asks for. A link to what the mode hides raises the mode.
//
// Like all that runs before Python it is written in the JavaScript of 2017: an old browser must come far enough to say
// that it is too old.
"use strict";

const view = (() => {
  const root = document.documentElement;
  const CHOICES = { mode: ["minimal", "focused", "advanced"], theme: ["system", "light", "dark"] };
  const DEFAULTS = { mode: "focused", theme: "system" };
  const leaves = JSON.parse(document.getElementById("outline").textContent);
  const asked = new URLSearchParams(location.search);

  const chosen = (name) => root.dataset[name] || DEFAULTS[name];
  const shows = (mode, level) => CHOICES.mode.indexOf(level) <= CHOICES.mode.indexOf(mode);

  function choose(name, value) {
    if (value === DEFAULTS[name]) delete root.dataset[name];
    else root.dataset[name] = value;
  }

  // Where `#id` leads: a leaf, and the level it takes to see it there; undefined for what is in no chapter.
  function place(hash) {
    const id = decodeURIComponent(hash.slice(1));
    const leaf = id ? leaves.find(({ ids }) => id in ids) : leaves[0];
    return leaf && { id, leaf, level: id ? leaf.ids[id] : leaf.level };
  }

  for (const [name, values] of Object.entries(CHOICES)) {
    let kept = null;
    try { kept = localStorage.getItem(name); } catch (error) { /* storage is switched off: nothing is kept */ }
    const value = values.includes(asked.get(name)) ? asked.get(name) : kept;
    if (values.includes(value)) choose(name, value);
  }

  const first = place(location.hash) || place("");
  let raisedFrom = null; // the reader's own mode, where the address asked for more
  if (!shows(chosen("mode"), first.level)) {
    raisedFrom = chosen("mode");
    choose("mode", first.level);
  }
  if (asked.get("page") !== "all") root.dataset.leaf = first.leaf.leaf;

  // The browser shows nothing, and starts nothing, before the styles are there: not for ever.
  const PATIENCE = 20000; // ms
  const isStyle = (element) => element.rel === "stylesheet";
  addEventListener("error", ({ target }) => { if (isStyle(target)) root.dataset.styles = "missing"; }, true);
  setTimeout(() => {
    for (const link of [...document.querySelectorAll("link")].filter((one) => isStyle(one) && !one.sheet)) {
      root.dataset.styles = "missing";
      link.remove();
    }
  }, PATIENCE);

  return { CHOICES, DEFAULTS, leaves, chosen, choose, shows, place, raisedFrom };
})();
