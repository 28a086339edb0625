import { type Zippable, zipSync } from "fflate";
import { incompressible, sourceText } from "./filler";
import type { PackageSite } from "./packageSite";

/** Python package to be made. */
export interface PythonPackage {
    /** Name, of lower-case letters and digits. */
    name: string;
    /** Size of the binary part in bytes. */
    binaryBytes: number;
    /** Number of Python modules. */
    modules: number;
}

/** Time of all archive entries, which makes archives reproducible; ZIP archives begin in 1980. */
const zipTime = "1980-01-02T00:00:00Z";

/** Makes text of a Python module: functions without a purpose. */
export function pythonModule(seed: string, length: number): string {
    return sourceText(
        seed,
        length,
        (name, value) => `def ${name}(argument: int = 0) -> str:\n    return "${value}"[argument:]\n`,
    );
}

/** Puts a wheel into the index of the site. */
export async function writeWheel(site: PackageSite, { name, binaryBytes, modules }: PythonPackage): Promise<void> {
    const code = Array.from({ length: modules }, (_, index) => [
        `${name}/module_${index}.py`,
        Buffer.from(pythonModule(`${name} ${index}`, 4000)),
    ]);
    const content = {
        [`${name}/__init__.py`]: Buffer.from(""),
        ...(Object.fromEntries(code) as Record<string, Buffer>),
        [`${name}-1.0.dist-info/METADATA`]: Buffer.from(`Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`),
        [`${name}-1.0.dist-info/WHEEL`]: Buffer.from("Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
    };
    const binary = `${name}/data.bin`;
    const record = [...Object.keys(content), binary].map((file) => `${file},,\n`).join("");
    const wheel = zipSync(
        {
            ...content,
            [binary]: [incompressible(name, binaryBytes), { level: 0 }],
            [`${name}-1.0.dist-info/RECORD`]: Buffer.from(`${record}${name}-1.0.dist-info/RECORD,,\n`),
        } satisfies Zippable,
        { mtime: zipTime },
    );
    await writeToIndex(site, name, `${name}-1.0-py3-none-any.whl`, wheel);
}

/**
 * Puts a source distribution into the index of the site. An installation compiles the given number of modules with the distribution's own
 * build backend, so it needs no compiler on the machine.
 */
export async function writeSourceDistribution(site: PackageSite, name: string, modules: number): Promise<void> {
    const below = (file: string) => `${name}-1.0/${file}`;
    const archive = zipSync(
        {
            [below("PKG-INFO")]: Buffer.from(`Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`),
            [below("pyproject.toml")]: Buffer.from(
                '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
            ),
            [below("backend.py")]: Buffer.from(buildBackend(name, modules)),
        },
        { mtime: zipTime },
    );
    await writeToIndex(site, name, `${name}-1.0.zip`, archive);
}

/** Writes an index page by PEP 503, with one file. */
async function writeToIndex(site: PackageSite, name: string, file: string, content: Uint8Array): Promise<void> {
    await site.write(`simple/${name}/${file}`, content);
    await site.write(
        `simple/${name}/index.html`,
        `<!DOCTYPE html><html><body><a href="${file}">${file}</a></body></html>`,
    );
}

/** Renders a build backend by PEP 517 whose wheel holds compiled modules. */
function buildBackend(name: string, modules: number): string {
    return `import importlib.util, marshal, os, zipfile

def source(number):
    lines = []
    for index in range(150):
        lines.append(f"def function_{number}_{index}(a, b={index}):")
        lines.append(f"    total = [x * b + {index} for x in range(a) if x % {index + 2}]")
        lines.append(f"    return {{'sum': sum(total), 'text': f'{{a}} {number} {{b}}', 'pairs': list(zip(total, total[1:]))}}")
    return "\\n".join(lines)

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    info = "${name}-1.0.dist-info"
    files = {"${name}/__init__.py": b""}
    header = importlib.util.MAGIC_NUMBER + (0).to_bytes(4, "little") * 3
    for number in range(${modules}):
        code = compile(source(number), f"${name}/module_{number}.py", "exec", optimize=2)
        files[f"${name}/module_{number}.pyc"] = header + marshal.dumps(code)
    files[f"{info}/METADATA"] = b"Metadata-Version: 2.1\\nName: ${name}\\nVersion: 1.0\\n"
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    record = "".join(f"{file},,\\n" for file in [*files, f"{info}/RECORD"])
    files[f"{info}/RECORD"] = record.encode()
    wheel = "${name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, wheel), "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in files.items():
            archive.writestr(zipfile.ZipInfo(file, (1980, 1, 2, 0, 0, 0)), content)
    return wheel
`;
}
