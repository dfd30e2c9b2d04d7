// The ten-minute tour: a strip above the controls that leads from stop to stop and says what to do there.
"use strict";

(() => {
  const tour = document.getElementById("tour");
  const stops = [...tour.querySelectorAll("li")];
  const button = (name) => tour.querySelector(`[data-tour="${name}"]`);
  let at = 0;

  function show(stop) {
    at = stop;
    tour.hidden = false;
    for (const [n, item] of stops.entries()) item.hidden = n !== at;
    button("back").disabled = at === 0;
    button("next").hidden = at === stops.length - 1;
  }

  function go(stop) {
    show(stop);
    stops[stop].querySelector("a").click(); // opens its chapter, as any link does: see chapters.js
  }

  document.addEventListener("click", ({ target }) => {
    const control = target.closest("[data-tour]");
    const asked = control && control.dataset.tour;
    if (asked === "start") go(0);
    if (asked === "next") go(at + 1);
    if (asked === "back") go(at - 1);
    if (asked === "end") tour.hidden = true;
  });

  addEventListener("popstate", () => {
    const stop = stops.findIndex((item) => item.querySelector("a").hash === location.hash);
    if (!tour.hidden && stop >= 0) show(stop);
  });
})();
