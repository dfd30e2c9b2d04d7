// Leads from chapter to chapter: links and the history open what they name, in the mode that shows it; the bar, the
// rail and the title say where the reader is. Works before Python is up, and without it.
"use strict";

(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const capital = (word) => word[0].toUpperCase() + word.slice(1);
  const TITLE = "microgpt lab";
  const WHOLE_TITLE = document.title;
  const asked = view.place(location.hash);
  let here = asked ? asked.leaf : view.leaves[0]; // the leaf that is read

  const whole = () => !("leaf" in root.dataset);
  const titleOf = (leaf) => leaf.part || leaf.title;
  const addressOf = (leaf) => `#${Object.keys(leaf.ids)[0]}`;
  const visible = () => view.leaves.filter((leaf) => view.shows(view.chosen("mode"), leaf.level));

  // Each entry of the history knows its place; one that knows none is new. The browser would restore the place, too,
  // but in the chapter that is about to be closed.
  const readdress = (change) => {
    const address = new URL(location.href);
    change(address);
    history.replaceState({ top: scrollY }, "", address.href);
  };
  const remember = () => readdress(() => {});

  // --- opening

  function open(place) {
    raise(place);
    const turned = here !== place.leaf && !whole();
    here = place.leaf;
    if (!whole()) root.dataset.leaf = here.leaf;
    if (turned) {
      byId("announcer").textContent = `${here.title}${here.part && `, ${here.part}`}`;
      root.dataset.turned = ""; // no gliding through a leaf that has just been opened: see layout.css
      requestAnimationFrame(() => requestAnimationFrame(() => delete root.dataset.turned));
    }
    tell();
    return turned;
  }

  function raise({ level }) {
    const mode = view.chosen("mode");
    if (view.shows(mode, level)) return sayRaised(null);
    view.choose("mode", level);
    sync();
    sayRaised(mode);
  }

  function sayRaised(from) {
    const notice = byId("raised");
    notice.hidden = from === null;
    if (from === null) return;
    notice.dataset.from = from;
    const text = `This part belongs to ${capital(view.chosen("mode"))}, so the page now shows that.`;
    notice.querySelector("span").textContent = text;
    notice.querySelector("button").textContent = `Back to ${capital(from)}`;
    byId("announcer").textContent = text;
  }

  function arrive(place, top) {
    const target = byId(place.id) || byId(here.chapter);
    if (top === undefined) target.scrollIntoView({ behavior: "instant" });
    else scrollTo({ top, behavior: "instant" });
    const heading = target.matches("h1") ? target : (target.closest("section") || target).querySelector("h2, h1") || target;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const place = view.place(link.hash);
    if (!place || link.hash === "") return;
    remember();
    const { hash } = link;
    event.preventDefault(); // by now the link may have another address: that of the chapter after this one
    const turned = open(place);
    if (location.hash === hash) return arrive(place);
    location.hash = hash; // glides to what is in this chapter already
    if (turned) arrive(place);
  });

  addEventListener("popstate", (event) => {
    const place = view.place(location.hash);
    if (!place) return;
    const { top } = event.state || {};
    if (open(place)) {
      arrive(place, top);
      requestAnimationFrame(() => arrive(place, top)); // after the browser has had its say
    }
    if (top === undefined) remember();
  });
  document.addEventListener("scrollend", remember);

  // --- where the reader is

  function mark(selector, address, value) {
    for (const link of document.querySelectorAll(`${selector} a[aria-current]`)) link.removeAttribute("aria-current");
    for (const link of document.querySelectorAll(`${selector} a[href="${address}"]`)) {
      link.setAttribute("aria-current", value);
    }
  }

  function tell() {
    document.title = whole() || here === view.leaves[0] ? WHOLE_TITLE : `${titleOf(here)} · ${TITLE}`;
    mark(".chapters", `#${here.chapter}`, "true");
    mark("#contents .contents-chapters", `#${here.chapter}`, "true");
    const seen = visible();
    const chapters = [...new Set(seen.map(({ chapter }) => chapter))];
    byId("contents-here").textContent = `${chapters.indexOf(here.chapter) + 1} of ${chapters.length} · ${here.title}`;
    turn("previous", seen[seen.indexOf(here) - 1]);
    turn("next", seen[seen.indexOf(here) + 1]);
  }

  function turn(way, leaf) {
    const link = byId(`turn-${way}`);
    link.hidden = !leaf;
    if (!leaf) return;
    link.href = addressOf(leaf);
    link.querySelector("b").textContent = titleOf(leaf);
  }

  const reading = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        mark(".rail", `#${target.id}`, "location");
        const { leaf } = view.place(`#${target.id}`);
        if (whole() && leaf !== here) {
          here = leaf;
          tell();
        }
      }
    },
    { rootMargin: "-35% 0px -64% 0px" },
  );
  for (const section of document.querySelectorAll("main section[id]")) reading.observe(section);

  // --- choices: the mode, the theme, all on one page

  function sync() {
    for (const name of Object.keys(view.CHOICES)) {
      const value = view.chosen(name);
      for (const control of document.querySelectorAll(`select[data-choice="${name}"]`)) control.value = value;
      for (const radio of document.querySelectorAll(`input[type="radio"][data-choice="${name}"]`)) {
        radio.checked = radio.value === value;
      }
    }
    for (const button of document.querySelectorAll('[data-choice="whole"]')) {
      button.textContent = whole() ? "One chapter at a time" : "All on one page";
    }
  }

  function choose(name, value) {
    view.choose(name, value);
    const kept = value === view.DEFAULTS[name] ? null : value;
    try {
      if (kept) localStorage.setItem(name, kept);
      else localStorage.removeItem(name);
    } catch (error) { /* storage is switched off: the choice holds until the page is left */ }
    readdress(({ searchParams }) => (kept ? searchParams.set(name, kept) : searchParams.delete(name)));
    if (name === "mode") settle();
    sync();
  }

  // After a change of mode: what is open is something that the mode shows, and so is what the address names.
  function settle() {
    const mode = view.chosen("mode");
    sayRaised(null);
    if (!view.shows(mode, here.level)) {
      const before = view.leaves.slice(0, view.leaves.indexOf(here));
      here = before.filter(({ level }) => view.shows(mode, level)).pop() || view.leaves[0];
      if (!whole()) root.dataset.leaf = here.leaf;
    }
    const place = view.place(location.hash);
    if (place && !view.shows(mode, place.level)) readdress((address) => { address.hash = addressOf(here); });
    tell();
  }

  function toggleWhole() {
    if (whole()) root.dataset.leaf = here.leaf;
    else delete root.dataset.leaf;
    readdress((address) => {
      if (whole()) address.searchParams.set("page", "all");
      else address.searchParams.delete("page");
      address.hash = addressOf(here);
    });
    sync();
    tell();
    arrive(view.place(addressOf(here)));
  }

  // On paper the colours are those of the day. What is painted pixel by pixel has to be told: by the event that any
  // choice of colours sends.
  const colours = (theme) => () => {
    view.choose("theme", theme());
    document.dispatchEvent(new Event("change"));
  };
  let onScreen = "system";
  addEventListener("beforeprint", colours(() => {
    onScreen = view.chosen("theme");
    return "light";
  }));
  addEventListener("afterprint", colours(() => onScreen));

  document.addEventListener("change", ({ target }) => {
    if (target === document) return;
    if (target.dataset.choice) choose(target.dataset.choice, target.value);
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest('[data-choice="whole"]')) toggleWhole();
    if (target.closest("#raised button")) choose("mode", byId("raised").dataset.from);
    if (target.closest('[data-choice="print"]')) window.print();
  });

  // --- the menus of the bar: they close on a choice, on Escape and on a click elsewhere

  const menus = [...document.querySelectorAll("details.menu")];
  document.addEventListener("click", ({ target }) => {
    for (const menu of menus) if (!menu.contains(target) || target.closest("a, button")) menu.open = false;
  });
  document.addEventListener("keydown", ({ key }) => {
    const menu = menus.find(({ open: isOpen }) => isOpen);
    if (key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  sync();
  tell();
  sayRaised(view.raisedFrom);
  remember();
})();
