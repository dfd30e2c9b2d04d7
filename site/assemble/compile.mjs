// node compile.mjs PYODIDE SOURCES PREFIX DOCSTRINGS OUT
//
// Compiles a zip of .py files to a zip of .pyc files, with the very interpreter that will run them: bytecode of
// any other Python version would be refused. PREFIX is where the files will lie, for tracebacks. DOCSTRINGS is
// "kept" or "emptied".
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodideFolder, sources, prefix, docstrings, out] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(resolve(pyodideFolder), "pyodide.mjs")).href);

// A fixed hash seed fixes the order of sets in the bytecode, and so its bytes.
const python = await loadPyodide({ env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" }, stdout: () => {} });
python.FS.writeFile("/in.zip", readFileSync(sources));
python.globals.set("prefix", prefix);
python.globals.set("emptied", docstrings === "emptied");
await python.runPythonAsync(`
import ast, importlib.util, zipfile
from importlib._bootstrap_external import _code_to_hash_pyc

DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

def undocumented(source, name):
    """The source as a tree with every docstring empty: a quarter of the bytecode, and nobody reads them in a tab.
    Empty, not gone: NumPy builds new docstrings from old ones, and hands them to C."""
    tree = ast.parse(source, name)
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body[0].value.value = ""
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "add_newdoc":
            for constant in ast.walk(ast.List(node.args[2:], ast.Load())):
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str) and len(constant.value) > 40:
                    constant.value = ""
    return tree

with zipfile.ZipFile("/in.zip") as sources, zipfile.ZipFile("/out.zip", "w") as out:
    for name in sorted(sources.namelist()):
        source = sources.read(name)
        program = undocumented(source, name) if emptied else source
        code = compile(program, prefix + name, "exec", dont_inherit=True)
        # unchecked: what is shipped together needs no comparing
        pyc = _code_to_hash_pyc(code, importlib.util.source_hash(source), checked=False)
        out.writestr(zipfile.ZipInfo(name + "c"), bytes(pyc))
`);
writeFileSync(out, python.FS.readFile("/out.zip"));
process.exit(0);
