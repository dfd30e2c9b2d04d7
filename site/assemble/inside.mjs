// node inside.mjs SITE ROOT OUT MODULE
//
// Runs `python -m MODULE OUT` inside the page's own Python, that of the site which is being built. A program for a
// browser adds up in another order than one for this machine, and after some hundred steps of training that shows:
// what the page is to find again must be made by the same interpreter, the same NumPy and the same kernels.
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";

const [site, root, out, module] = process.argv.slice(2);
const pyodideFolder = join(site, "pyodide");
const bring = (file) => import(pathToFileURL(resolve(site, file)).href);
const { loadPyodide } = await bring("pyodide/pyodide.mjs");
const { connect, withMemory } = await bring("kernels/connect.mjs");

const [python, memory] = await withMemory(() => loadPyodide({ stdout: (line) => console.log(line) }));
await connect(python, memory, readFileSync(join(site, "kernels", "kernels.wasm")));
const numpy = join(pyodideFolder, readdirSync(pyodideFolder).find((name) => name.endsWith(".packed")));
const extractDir = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
python.unpackArchive(new Uint8Array(gunzipSync(readFileSync(numpy))), "wheel", { extractDir });
for (const [folder, place] of [[root, "/repository"], [out, "/out"]]) {
  python.FS.mkdir(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: resolve(folder) }, place);
}
python.globals.set("module", module);
try {
  await python.runPythonAsync(`
import os, runpy, sys

os.chdir("/repository")
sys.path[:0] = ["/repository/site", "/repository"]
sys.dont_write_bytecode = True
sys.argv = [module, "/out"]
runpy.run_module(module, run_name="__main__", alter_sys=True)
`);
} catch (error) {
  console.error(error.message); // Python's own traceback, without that of the program around it
  process.exit(1);
}
process.exit(0);
