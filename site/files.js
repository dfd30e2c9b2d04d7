// The files that the page fetches. The build says how large each is and what its hash is, so whatever goes wrong on
// the way is found where it happens, and has a name. `fetch` of such a file gives what has been checked.
"use strict";

const files = (() => {
  const manifest = JSON.parse(document.getElementById("boot-manifest").textContent); // name → [bytes, sha256, 1 to start]
  const first = Object.keys(manifest).filter((name) => manifest[name][2]); // what the start waits for
  const base = new URL(".", document.baseURI).href;
  const fetchOutside = window.fetch ? window.fetch.bind(window) : null;
  const arrived = new Map(); // name → bytes so far
  const whole = new Set(); // those that are here and as the build made them
  const underWay = new Map(); // name → answer to come, for the first who asks
  const told = { news() {}, failed() {} }; // what boot.js has us call

  const COMPILED = "pyodide/pyodide.asm.wasm";
  const STALLED = 20000; // ms without a byte that a reader waits for a file which the start does not need
  const INQUIRY = 4000; // ms for finding out why a module did not load

  const nameOf = (url) => {
    const full = new URL(url, base).href.split(/[?#]/)[0];
    return full.startsWith(base) ? full.slice(base.length) : full;
  };

  const amount = (bytes) => (bytes < 1e5 ? `${bytes} bytes` : `${(bytes / 1e6).toFixed(1)} MB`);

  function count(name, bytes) {
    arrived.set(name, bytes);
    told.news();
  }

  async function isAsBuilt(name, data) {
    if (!window.crypto || !crypto.subtle) return true; // over plain http: there only the length can be checked
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    return btoa(String.fromCharCode(...digest)) === manifest[name][1];
  }

  // The content of an answer. Rejects with a message for a person.
  async function checked(name, answer, alive = () => {}) {
    const length = manifest[name][0];
    const data = new Uint8Array(length);
    const reader = answer.body.getReader();
    let at = 0;
    for (;;) {
      const piece = await reader.read().catch(() => {
        throw new Error(`${name} broke off after ${amount(at)} of ${amount(length)}.`);
      });
      if (piece.done) break;
      alive();
      if (at + piece.value.length <= length) data.set(piece.value, at);
      at += piece.value.length;
      count(name, at);
    }
    if (at !== length) throw new Error(`${name} is not whole: ${amount(at)} came of ${amount(length)}.`);
    if (!(await isAsBuilt(name, data))) throw new Error(`${name} is not the file that belongs to this page.`);
    whole.add(name);
    told.news();
    return data;
  }

  async function answerOf(name, options) {
    const answer = await fetchOutside(base + name, options).catch(() => {
      throw new Error(`${name} could not be fetched: no answer. Is the network there?`);
    });
    if (!answer.ok) throw new Error(`${name} could not be fetched: the server answered ${answer.status}.`);
    if (/^text\/html/i.test(answer.headers.get("Content-Type"))) {
      throw new Error(`${name} could not be fetched: a web page came in its place.`);
    }
    return answer;
  }

  // For what the start does not need: on a slow line, what it does need may take its time.
  function limit(name) {
    if (manifest[name][2]) return { alive() {}, end() {} };
    const abort = new AbortController();
    let timer = 0;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), STALLED);
    };
    alive();
    return { alive, signal: abort.signal, end: () => clearTimeout(timer) };
  }

  async function bring(name, options = {}) {
    const { alive, signal, end } = limit(name);
    if (!arrived.has(name)) arrived.set(name, 0);
    try {
      const answer = await answerOf(name, Object.assign({ signal }, options));
      if (name === COMPILED) { // as it comes, and kept compiled: only the browser's own answer is
        checked(name, answer.clone()).catch((error) => told.failed(error.message));
        return answer;
      }
      const headers = { "Content-Type": answer.headers.get("Content-Type") || "" };
      return new Response(await checked(name, answer, alive), { headers });
    } catch (error) {
      told.failed(error.message);
      throw error;
    } finally {
      end();
    }
  }

  function takeOver() {
    window.fetch = (request, options) => {
      const name = nameOf(request.url || request);
      if (!(name in manifest)) return fetchOutside(request, options);
      const ahead = underWay.get(name);
      underWay.delete(name);
      return ahead || bring(name, options);
    };
  }

  // Modules are fetched by the browser itself, and checked by it.
  function preload(name) {
    const link = document.createElement("link");
    if (!link.relList.supports("modulepreload")) return;
    Object.assign(link, { rel: "modulepreload", href: base + name, integrity: `sha256-${manifest[name][1]}` });
    arrived.set(name, 0);
    link.onload = () => {
      whole.add(name);
      count(name, manifest[name][0]);
    };
    link.onerror = () => inquire(name, true);
    document.head.append(link);
  }

  const within = (ms, action) =>
    Promise.race([action, new Promise((_, fail) => setTimeout(() => fail(new Error("")), ms))]);

  // Why a module did not load: the browser does not say. `sure`: that it did not.
  async function inquire(name, sure) {
    try {
      const answer = await within(INQUIRY, answerOf(name, { cache: "no-store" }));
      const type = answer.headers.get("Content-Type") || "nothing";
      await within(INQUIRY, checked(name, answer));
      if (sure) told.failed(`${name} could not be loaded${/javascript/.test(type) ? "" : `: the server calls it ${type}`}.`);
    } catch (error) {
      told.failed(error.message || `${name} could not be fetched: no answer. Is the network there?`);
    }
  }

  const isModule = (name) => /\.m?js$/.test(name);

  // Each file that names the next costs a journey to the server and back, six in a row; asked for together, they cost
  // one. Not the WebAssembly: fetched ahead, its compiled form would not be kept for later visits.
  function fetchAhead() {
    for (const name of first) {
      if (isModule(name)) preload(name);
      else if (name !== COMPILED) {
        underWay.set(name, bring(name));
        underWay.get(name).catch(() => {}); // it has been told; who asks for it hears of it too
      }
    }
  }

  // Where modules are not told of one by one, something was amiss with one of them.
  const inquireAll = () => first.filter((name) => isModule(name) && !whole.has(name)).map((name) => inquire(name, false));

  // A bad answer may have been kept by the browser: this puts a new one in its place.
  const refresh = () =>
    Promise.all(
      [...first.filter((name) => !whole.has(name)), "styles.css"].map((name) =>
        within(STALLED, fetchOutside(base + name, { cache: "reload" }).then((answer) => answer.arrayBuffer()))
          .catch(() => {}),
      ),
    );

  const sum = (bytes) => first.reduce((total, name) => total + bytes(name), 0);

  return {
    base, first, told, nameOf, takeOver, fetchAhead, inquireAll, refresh,
    isWhole: (name) => whole.has(name),
    missing: () => first.filter((name) => arrived.has(name) && !whole.has(name)),
    bytes: () => [sum((name) => arrived.get(name) || 0), sum((name) => manifest[name][0])],
    answers: (name) => fetchOutside(base + name, { method: "HEAD" }).then((answer) => answer.ok, () => false),
  };
})();
