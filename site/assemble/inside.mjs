// node inside.mjs PYODIDE ROOT OUT MODULE
//
// Runs `python -m MODULE OUT` inside the page's own Python. A program for a browser adds up in another order than one
// for this machine, and after some hundred steps of training that shows: what the page is to find again must be made
// by the same interpreter and the same NumPy.
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodideFolder, root, out, module] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(resolve(pyodideFolder), "pyodide.mjs")).href);

const python = await loadPyodide({ packages: ["numpy"], stdout: (line) => console.log(line) });
for (const [folder, place] of [[root, "/repository"], [out, "/out"]]) {
  python.FS.mkdir(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: resolve(folder) }, place);
}
python.globals.set("module", module);
await python.runPythonAsync(`
import os, runpy, sys

os.chdir("/repository")
sys.path[:0] = ["/repository/site", "/repository"]
sys.dont_write_bytecode = True
sys.argv = [module, "/out"]
runpy.run_module(module, run_name="__main__", alter_sys=True)
`);
process.exit(0);
