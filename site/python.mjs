// What PyScript takes for Pyodide: Pyodide itself, and the packages of the page unpacked by the browser. Pyodide's
// own installer unpacks in Python, which took a sixth of the start. Between the pieces the browser gets its turn: in
// one go they would hold the page for most of a second.
import { connect, withMemory } from "./kernels/connect.mjs";
import { loadPyodide as load, version } from "./pyodide/pyodide.mjs";

// Not by a timer: those of a tab in the background come once a second.
const breath = () =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(port1.close());
    port2.postMessage(null);
  });

async function fetched(url) {
  return new Uint8Array(await (await fetch(url)).arrayBuffer()); // checked by files.js
}

async function unpacked(url) {
  const data = await fetched(url);
  if (data[0] === "P".charCodeAt()) return data; // a zip archive: somebody on the way has undone the gzip
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The members of a zip archive that stores them as they are: the whole of it has been packed by gzip, which packs
// better and is undone in one go. The directory at the end of such an archive names each member and its place.
function* members(zip) {
  const view = new DataView(zip.buffer);
  const text = new TextDecoder();
  const end = zip.length - 22; // of a directory's last record, without a comment
  let entry = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    const [size, start] = [view.getUint32(entry + 24, true), view.getUint32(entry + 42, true)];
    const [nameLength, extra, comment] = [28, 30, 32].map((at) => view.getUint16(entry + at, true));
    const name = text.decode(zip.subarray(entry + 46, entry + 46 + nameLength));
    const from = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
    yield [name, zip.subarray(from, from + size)];
    entry += 46 + nameLength + extra + comment;
  }
}

function install(FS, zip, folder) {
  const made = new Set();
  for (const [name, data] of members(zip)) {
    const path = `${folder}/${name}`;
    const parent = path.slice(0, path.lastIndexOf("/"));
    if (!made.has(parent)) FS.mkdirTree(parent);
    made.add(parent);
    FS.writeFile(path, data, { canOwn: true });
  }
}

// Before Python starts, which takes half a second in one go, the page has been shown; but where no frame comes, as in
// a tab that is left meanwhile, it starts all the same.
const shown = () =>
  new Promise((done) => {
    requestAnimationFrame(() => done(breath()));
    setTimeout(done, document.hidden ? 0 : 500);
  });

// PyScript has every page import its Python library, and compile it for that. This page does not use it, and
// whoever does gets it then.
const LATER = `
import importlib, sys, sysconfig, types

def first_use(name):
    del sys.modules["pyscript"]
    return getattr(importlib.import_module("pyscript"), name)

sys.modules["pyscript"] = later = types.ModuleType("pyscript")
later.__getattr__ = first_use
sysconfig.get_path("purelib")
`;

// Where WebAssembly can run on a stack of its own (JSPI), Pyodide has all of Python run there, for the sake of
// functions that wait. Nothing here does, and Chromium may crash then: when it looks who calls, it reads past the end
// of that stack. So Pyodide gets to see a browser without.
async function onTheOnlyStack(action) {
  const { Suspending } = WebAssembly;
  delete WebAssembly.Suspending;
  try {
    return await action();
  } finally {
    if (Suspending) WebAssembly.Suspending = Suspending;
  }
}

// Pyodide waits for ever for WebAssembly that does not compile, and demands a type that some servers do not know.
async function toldWhenItFails(action) {
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (coming, imports) => {
    try {
      const answer = await coming;
      if (answer.headers.get("Content-Type") === "application/wasm") {
        return await instantiateStreaming.call(WebAssembly, answer, imports);
      }
      return await WebAssembly.instantiate(await answer.arrayBuffer(), imports);
    } catch (error) {
      boot.fail(error);
      throw error;
    }
  };
  try {
    return await action();
  } finally {
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

async function start(packages) {
  const archives = packages.map(unpacked);
  const kernels = fetched("./kernels/kernels.wasm");
  const starting = () => toldWhenItFails(() => onTheOnlyStack(() => load({ indexURL: "./pyodide", fsInit: shown })));
  const [python, memory] = await withMemory(starting);
  const folder = python.runPython(LATER, { globals: python.toPy({}) });
  for (const archive of archives) {
    await breath();
    install(python.FS, await archive, folder);
  }
  python.pyimport("importlib").invalidate_caches();
  await connect(python, memory, await kernels);
  return python;
}

let python = null;

// Can be called ahead of PyScript, which has much to do before it comes to that.
const begin = (packages) => (python ??= start(packages));

async function loadPyodide({ packages, stdout, stderr }) {
  const started = await begin(packages);
  started.setStdout({ batched: stdout });
  started.setStderr({ batched: stderr });
  return started;
}

export { begin, loadPyodide, version };
