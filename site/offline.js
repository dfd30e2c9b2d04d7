// For a page opened from disk: the unpacker, and (added by the build) every file that the page would fetch.
//
// Browsers let such a page neither fetch its neighbours nor import them. Here `fetch` answers from the files below,
// and JavaScript modules become blob: addresses, put into each other's imports.
"use strict";

(() => {
  const base = new URL(".", document.baseURI).href;
  const packed = PAYLOAD; // name → [length, base85 of gzip]; the build puts it here
  const MODULES = MODULE_ORDER; // JavaScript modules, each after those that it imports
  const files = new Map(); // name → Uint8Array
  const addresses = new Map(); // name → blob: address of a module
  const names = new Map(); // and back

  const TYPES = { wasm: "application/wasm", json: "application/json", js: "text/javascript", mjs: "text/javascript" };
  const typeOf = (name) => TYPES[name.split(".").pop()] ?? "application/octet-stream";

  const nameOf = (url, from = "") => {
    const full = new URL(url, new URL(from, base)).href.split(/[?#]/)[0];
    return full.startsWith(base) ? full.slice(base.length) : null;
  };

  const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%.()*+-;,=:?@^_`{|}~";
  const digit = new Uint8Array(128);
  for (let i = 0; i < 85; i += 1) digit[DIGITS.charCodeAt(i)] = i;

  // Five characters are one number in base 85, and that is four bytes.
  function bytes([length, text]) {
    const out = new Uint8Array((text.length / 5) * 4);
    for (let from = 0, to = 0; from < text.length; from += 5, to += 4) {
      let number = 0;
      for (let i = from; i < from + 5; i += 1) number = number * 85 + digit[text.charCodeAt(i)];
      out[to] = number >>> 24;
      out[to + 1] = number >>> 16;
      out[to + 2] = number >>> 8;
      out[to + 3] = number;
    }
    return out.subarray(0, length);
  }

  async function inflate(data) {
    const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  // `import(x)` in a module below was rewritten by the build to `boot.import(import.meta.url, x)`.
  function importFile(from, url) {
    const name = nameOf(url, names.get(from) ?? "");
    return import(addresses.get(name) ?? url);
  }

  function moduleAddress(name) {
    const source = new TextDecoder()
      .decode(files.get(name))
      .replace(/(\bfrom\s*)"(\.[^"]+)"/g, (_, from, to) => `${from}"${addresses.get(nameOf(to, name))}"`);
    return URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  }

  function answerFetches() {
    const fetchOutside = window.fetch;
    window.fetch = async (request, ...rest) => {
      const name = nameOf(request.url ?? request);
      if (name === null) return fetchOutside(request, ...rest);
      const data = files.get(name);
      if (!data) return new Response("", { status: 404, statusText: "Not Found" });
      return new Response(data, { headers: { "Content-Type": typeOf(name) } });
    };
  }

  boot.unpack = async (progress) => {
    const all = Object.keys(packed);
    for (const [index, name] of all.entries()) {
      files.set(name, await inflate(bytes(packed[name])));
      delete packed[name];
      progress((0.75 * (index + 1)) / all.length);
    }
    for (const name of MODULES) {
      const address = moduleAddress(name);
      addresses.set(name, address);
      names.set(address, name);
    }
    answerFetches();
  };
  boot.import = importFile;
})();
