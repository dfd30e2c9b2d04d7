// Runs before the first paint, so that a page opened in another mode or theme does not change
// before the reader's eyes. Python takes both over once it is up (site/lab/ui/choices.py).
"use strict";
for (const [name, values] of [["mode", ["minimal", "focused", "advanced"]], ["theme", ["light", "dark"]]]) {
  let kept = null;
  try { kept = localStorage.getItem(name); } catch { /* storage is switched off: nothing is kept */ }
  const asked = new URLSearchParams(location.search).get(name);
  const value = values.includes(asked) ? asked : kept;
  if (values.includes(value)) document.documentElement.dataset[name] = value;
}
