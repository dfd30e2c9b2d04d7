// Starts the lab and says how far it is: fetching, starting Python, loading NumPy, opening.
//
// Python calls `boot.stage(text)` on its way and `boot.ready()` at its end; `lab:ready` is then sent to the
// document. Whatever goes wrong before that ends in `boot.fail(reason)`, which shows the reason and a button that
// tries again. Not a module: browsers refuse modules on a page opened from disk. Stands where the page begins, so
// that Python is on its way while the rest is still read and laid out; what it needs of the page stands before it.
"use strict";

const boot = (() => {
  const root = document.documentElement;
  const part = (name) => document.getElementById(`boot-${name}`);
  const booting = () => root.dataset.lab === "booting";
  const manifest = JSON.parse(part("manifest").textContent); // file → [bytes, bytes if the host compresses]
  const nameOf = (url) => url.split(/[?#]/)[0].replace(new URL(".", document.baseURI).href, "");

  // --- what the reader sees

  function stage(text) {
    if (booting()) part("stage").textContent = text;
  }

  function progress(share) {
    const bar = part("progress");
    bar.value = Math.max(bar.value, share); // entries may come late, but the bar never goes back
  }

  function ready() {
    if (!booting()) return;
    root.dataset.lab = "ready";
    observer?.disconnect();
    document.dispatchEvent(new Event("lab:ready"));
  }

  function fail(reason) {
    if (!booting()) return; // the first failure is the cause; later ones follow from it
    root.dataset.lab = "failed";
    observer?.disconnect();
    part("reason").textContent = String(reason);
    part("failure").hidden = false;
    explainMissing();
  }

  // --- fetching: what has arrived, by the browser's own record. Reading the responses here instead would keep
  // --- the browser from caching the compiled WebAssembly.

  const arrived = new Map();
  const FETCHING = 0.75; // the share of the bar that is for fetching; Python's own start is the rest
  const PATIENCE = 45_000; // ms without news after which to ask whether a file is missing
  let patience = 0;

  function record(list) {
    for (const entry of list.getEntries()) {
      const name = nameOf(entry.name);
      if (!(name in manifest)) continue;
      const good = entry.responseStatus ? entry.responseStatus < 400 : entry.decodedBodySize > 0;
      if (good) arrived.set(name, entry);
      else fail(`${name} could not be fetched.`); // Pyodide would wait for its WebAssembly for ever
    }
    if (!booting()) return;
    clearTimeout(patience);
    patience = setTimeout(explainMissing, PATIENCE);
    const entries = [...arrived.values()];
    const compressed = entries.some(
      (entry) => entry.encodedBodySize > 0 && entry.encodedBodySize < 0.9 * entry.decodedBodySize,
    );
    const size = (names) => names.reduce((sum, name) => sum + manifest[name][compressed ? 1 : 0], 0) / 1e6;
    const [done, all] = [size([...arrived.keys()]), size(Object.keys(manifest))];
    progress((FETCHING * done) / all);
    part("size").textContent = done < all ? `${done.toFixed(1)} of ${all.toFixed(1)} MB` : "";
    if (part("stage").textContent === FIRST_STAGE && INTERPRETER.every((name) => arrived.has(name))) {
      stage("Starting Python");
    }
  }

  const INTERPRETER = ["asm.js", "asm.wasm"].map((end) => `pyodide/pyodide.${end}`);
  const FIRST_STAGE = "Fetching Python";
  let observer = null;

  function watchFetching() {
    stage(FIRST_STAGE);
    observer = new PerformanceObserver(record);
    observer.observe({ type: "resource", buffered: true });
  }

  // --- failing: a missing file shows itself as some error further on, so ask which one it was

  async function explainMissing() {
    if (isolatedFile() || boot.unpack) return;
    const missing = [];
    for (const name of Object.keys(manifest)) {
      try {
        const answer = await fetch(`./${name}`, { method: "HEAD", cache: "no-store" });
        if (!answer.ok) missing.push(`${name} (${answer.status})`);
      } catch {
        missing.push(`${name} (no answer)`);
      }
    }
    if (!missing.length || root.dataset.lab === "ready") return;
    if (booting()) fail("");
    part("reason").textContent = `Could not be fetched: ${missing.join(", ")}. Is the network there?`;
  }

  function lastLine(error) {
    const text = String(error?.message ?? error).trim();
    if (!text.startsWith("Traceback")) return text;
    return text.split("\n").filter((line) => /^\w/.test(line)).pop(); // Python says what happened at the end
  }

  addEventListener("unhandledrejection", (event) => fail(lastLine(event.reason)));
  addEventListener(
    "error",
    (event) => {
      const file = event.target?.src; // set when a script could not be loaded; such errors do not bubble
      if (file) fail(`${nameOf(file)} could not be loaded.`);
      else if (event.error || event.message) fail(lastLine(event.error ?? event.message));
    },
    true,
  );

  // --- starting

  const isolatedFile = () => location.protocol === "file:";

  // Each file that names the next costs a journey to the server and back, six in a row; asked for together,
  // they cost one. Not the WebAssembly: fetched ahead, its compiled form would not be kept for later visits.
  function fetchAhead() {
    for (const name of Object.keys(manifest)) {
      const link = document.createElement("link");
      if (name.endsWith("js")) Object.assign(link, { rel: "modulepreload" });
      else if (!name.endsWith("wasm")) Object.assign(link, { rel: "preload", as: "fetch", crossOrigin: "" });
      else continue;
      link.href = `./${name}`;
      document.head.append(link);
    }
  }

  function load(source) {
    const script = Object.assign(document.createElement("script"), { src: source });
    return new Promise((done) => {
      script.addEventListener("load", done);
      document.head.append(script);
    });
  }

  async function start() {
    part("retry").addEventListener("click", () => location.reload());
    if (typeof WebAssembly !== "object") {
      fail("This browser has no WebAssembly, which Python needs. A current Firefox, Chrome, Edge or Safari has.");
      return;
    }
    if (isolatedFile() && !boot.unpack) {
      await load("./offline.js"); // carries every file in itself: a page from disk may fetch none
    }
    if (boot.unpack) {
      stage("Reading Python");
      await boot.unpack(progress);
      stage("Starting Python");
    } else {
      watchFetching();
      fetchAhead();
    }
    const bring = (module) => (boot.import ? boot.import("", module) : import(module));
    const script = document.querySelector('script[type="py"]');
    const { packages } = JSON.parse(script.getAttribute("config"));
    bring("./python.mjs").then(({ begin }) => begin(packages)).catch(fail); // while PyScript gets ready
    const { hooks } = await bring("./pyscript/core.js");
    hooks.worker.onBeforeRunAsync.clear(); // builds a function from text, which the page's policy forbids
    hooks.main.onReady.add(({ io }) => {
      stage("Loading NumPy");
      progress(0.85);
      const { stderr } = io;
      io.stderr = (error, ...rest) => {
        if (error instanceof Error) fail(lastLine(error)); // PyScript reports what main.py raised here
        return stderr(error, ...rest);
      };
    });
    script.addEventListener("py:done", () => fail("The page's program ended before the lab was open."));
  }

  const parsed = new Promise((done) => addEventListener("DOMContentLoaded", done));
  const begin = () => start().catch(fail);

  return { stage, ready, fail, progress, parsed, begin };
})();

window.boot = boot;
if (document.currentScript.src) boot.begin();
else boot.parsed.then(boot.begin); // in the one file, what unpacks it comes after this
