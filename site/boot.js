// Starts the lab and says how far it is: fetching, starting Python, loading NumPy, opening.
//
// Python calls `boot.stage(text)` on its way and `boot.ready()` at its end; `lab:ready` is then sent to the
// document. Whatever goes wrong before that ends in `boot.fail(reason)`, which shows the reason and a button that
// tries again. The build puts it into the page itself, where the page begins: it needs no journey, it cannot be
// missing, and Python is on its way while the rest is still read and laid out.
"use strict";

const boot = (() => {
  const root = document.documentElement;
  const part = (name) => document.getElementById(`boot-${name}`);
  const booting = () => root.dataset.lab === "booting";

  // --- what the reader sees

  function stage(text) {
    if (!booting()) return;
    part("stage").textContent = text;
    news();
  }

  function progress(share) {
    const bar = part("progress");
    bar.value = Math.max(bar.value, share); // never back
    news();
  }

  function ready() {
    if (!booting()) return;
    root.dataset.lab = "ready";
    clearInterval(watch);
    document.dispatchEvent(new Event("lab:ready"));
  }

  let named = false; // whether the reason says which file it was

  function fail(reason, byName) {
    if (!booting() && !(root.dataset.lab === "failed" && byName && !named)) return; // later ones follow from the first
    root.dataset.lab = "failed";
    named = Boolean(byName);
    clearInterval(watch);
    part("reason").textContent = plain(reason);
    part("failure").hidden = false;
  }

  // The start is complete but for this
  function note(text) {
    part("note").textContent = text;
    part("note").hidden = false;
  }

  // --- waiting: what makes no progress says so, and for what it waits

  const PATIENCE = 20000; // ms
  let last = performance.now();

  function news() {
    last = performance.now();
    part("waiting").hidden = true;
  }

  function look() {
    const seconds = Math.floor((performance.now() - last) / 1000);
    if (!booting() || seconds * 1000 < PATIENCE) return;
    const missing = files.missing();
    const what = missing.length ? missing.join(", ") : `the end of “${part("stage").textContent}”`;
    part("wait-for").textContent = `No news for ${seconds} seconds. Waiting for ${what}.`;
    part("waiting").hidden = false;
  }

  const watch = setInterval(look, 1000);

  // --- fetching

  const FETCHING = 0.75; // the share of the bar that is for fetching; Python's own start is the rest
  const INTERPRETER = ["pyodide/pyodide.asm.js", "pyodide/pyodide.asm.wasm"];
  const FIRST_STAGE = "Fetching Python";

  function counted() {
    if (!booting()) return;
    const [done, all] = files.bytes();
    progress((FETCHING * done) / all);
    part("size").textContent = done < all ? `${(done / 1e6).toFixed(1)} of ${(all / 1e6).toFixed(1)} MB` : "";
    if (part("stage").textContent === FIRST_STAGE && INTERPRETER.every(files.isWhole)) stage("Starting Python");
  }

  async function again() {
    for (const name of ["retry", "again"]) part(name).disabled = true;
    part("retry").textContent = "Fetching anew …";
    await files.refresh();
    location.reload();
  }

  // --- failing

  const MEMORY = "There is not enough memory for Python. Close other tabs or programs, and try again.";
  const ELSEWHERE = "In a terminal, the same model trains without a browser: python -m microgpt train.";

  function plain(reason) {
    const text = lastLine(reason);
    return /^RangeError|out of memory|allocate memory|MemoryError/i.test(text) ? `${MEMORY} (${text})` : text;
  }

  function lastLine(error) {
    const text = String((error && error.message) || error).trim();
    if (!text.startsWith("Traceback")) return text;
    return text.split("\n").filter((line) => /^\w/.test(line)).pop(); // Python says what happened at the end
  }

  // Extensions and other people's scripts run in this page too; what befalls them is not about the lab.
  const ours = (place) => Boolean(place) && (place.includes(files.base) || place.includes("blob:"));

  addEventListener("unhandledrejection", ({ reason }) => {
    if (ours(reason && reason.stack)) fail(reason);
  });
  addEventListener(
    "error",
    ({ target, filename, error, message }) => {
      if (target && target.src && ours(target.src)) fail(`${files.nameOf(target.src)} could not be loaded.`, true);
      else if (ours(filename)) fail(error || message);
    },
    true,
  );

  // --- starting

  // Opened from disk, or in a frame that keeps the page apart from its own files: nothing can be fetched
  const apart = () => location.protocol === "file:" || window.origin === "null";

  function lacking() {
    if (typeof WebAssembly !== "object") {
      return (
        "This browser has no WebAssembly, on which Python runs here, or has it switched off. Every current Firefox, " +
        "Chrome, Edge and Safari has it; on an iPhone or iPad, Lockdown Mode turns it off (Settings, Privacy & " +
        `Security), on a managed computer a policy may. ${ELSEWHERE}`
      );
    }
    try {
      new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); // the least there is
    } catch (error) {
      return `WebAssembly, on which Python runs here, is forbidden by a policy of this browser or site. ${ELSEWHERE}`;
    }
    if (typeof DecompressionStream !== "function") {
      return `This browser is too old: the lab needs Firefox 113, Chrome or Edge 95, Safari 16.4 or newer. ${ELSEWHERE}`;
    }
    return "";
  }

  // A page served at /lab looks for its files beside /lab, where they are not
  async function withoutSlash() {
    if (!location.protocol.startsWith("http") || /(\/|\.\w+)$/.test(location.pathname)) return false;
    return !(await files.answers("main.py"));
  }

  function load(source) {
    const script = Object.assign(document.createElement("script"), { src: source });
    return new Promise((done) => {
      script.addEventListener("load", done);
      document.head.append(script);
    });
  }

  async function makeReady() {
    if (!files.first.length) {
      await boot.parsed; // in the one file, what unpacks it comes last
      if (!boot.unpack) throw new Error("This file is not whole. Download it again.");
    } else if (apart()) {
      stage("Fetching Python");
      await load("./offline.js"); // carries every file in itself
    }
    if (boot.unpack) {
      stage("Reading Python");
      await boot.unpack(progress);
      stage("Starting Python");
    } else {
      Object.assign(files.told, { news: counted, failed: (reason) => fail(reason, true) });
      stage(FIRST_STAGE);
      files.takeOver();
      files.fetchAhead();
    }
  }

  // PyScript keeps a list of packages in the browser's database, which this page has no use for, and ends where site
  // data is blocked. Until it has started it gets to see one that is empty. Gives what undoes that.
  function emptyDatabase() {
    const answered = (result) => {
      const request = {};
      Promise.resolve().then(() => request.onsuccess({ target: { result } }));
      return request;
    };
    const store = { getAllKeys: () => answered([]), clear: () => answered() };
    const database = { transaction: () => ({ objectStore: () => store }), close() {} };
    const kept = Object.getOwnPropertyDescriptor(window, "indexedDB");
    Object.defineProperty(window, "indexedDB", { configurable: true, value: { open: () => answered(database) } });
    return () => (kept ? Object.defineProperty(window, "indexedDB", kept) : delete window.indexedDB);
  }

  async function start() {
    for (const name of ["retry", "again"]) part(name).addEventListener("click", again);
    const why = lacking();
    if (why) return fail(why, true);
    if (await withoutSlash()) return location.replace(`${location.pathname}/${location.search}${location.hash}`);
    if (root.dataset.styles) note("The page’s styles could not be fetched: it works, but does not look as it should.");
    await makeReady();
    const bring = (module) => (boot.import ? boot.import("", module) : import(module));
    const script = document.querySelector('script[type="py"]');
    const { packages } = JSON.parse(script.getAttribute("config"));
    bring("./python.mjs").then(({ begin }) => begin(packages)).catch(failed); // while PyScript gets ready
    const undo = emptyDatabase();
    const { hooks } = await bring("./pyscript/core.js");
    hooks.worker.onBeforeRunAsync.clear(); // builds a function from text, which the page's policy forbids
    hooks.main.onReady.add(({ io }) => {
      undo();
      stage("Loading NumPy");
      progress(0.85);
      const { stderr } = io;
      io.stderr = (error, ...rest) => {
        if (error instanceof Error) fail(error); // PyScript reports what main.py raised here
        return stderr(error, ...rest);
      };
    });
    script.addEventListener("py:done", () => fail("The page's program ended before the lab was open."));
  }

  function failed(error) {
    fail(error);
    if (!boot.unpack && !named) files.inquireAll(); // it may have been a module
  }

  const parsed = new Promise((done) => addEventListener("DOMContentLoaded", done));
  const begin = () => start().catch(failed);

  return { stage, ready, fail, progress, parsed, begin };
})();

window.boot = boot;
boot.begin();
