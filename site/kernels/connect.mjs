// Joins the kernels to a Python that is starting: they work in its memory, on its arrays. In a page and, at build, in
// Node.

// Pyodide does not show the memory that it makes. So as long as it starts, whoever makes one is looked at.
export async function withMemory(start) {
  const { Memory } = WebAssembly;
  let memory = null;
  WebAssembly.Memory = class extends Memory {
    constructor(...size) {
      super(...size);
      memory ??= this;
    }
  };
  try {
    return [await start(), memory];
  } finally {
    WebAssembly.Memory = Memory;
  }
}

// Python finds them as a module (lab/kernels/connection.py). Where the browser can't run them, that holds the reason.
export async function connect(python, memory, wasm) {
  let module;
  try {
    const { instance } = await WebAssembly.instantiate(wasm, { env: { memory } });
    module = { ...instance.exports };
  } catch (error) {
    module = { problem: String(error?.message ?? error) };
  }
  python.registerJsModule("microgpt_kernels", module);
}
