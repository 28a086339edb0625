import * as fs from "node:fs/promises";
import * as path from "node:path";

/** Writes the pages of an index by PEP 503, below `simple/`, for the wheels of a folder (absolute). */
export async function writeWheelIndex(folder: string): Promise<void> {
    const wheels = (await fs.readdir(folder)).filter((name) => name.endsWith(".whl"));
    for (const project of new Set(wheels.map(projectOf))) {
        const links = wheels
            .filter((wheel) => projectOf(wheel) === project)
            .map((wheel) => `<a href="../../${wheel}">${wheel}</a>`);
        const page = path.join(folder, "simple", project);
        await fs.mkdir(page, { recursive: true });
        await fs.writeFile(path.join(page, "index.html"), `<!DOCTYPE html><html><body>${links.join("")}</body></html>`);
    }
}

/** Names the project of a wheel as PEP 503 does. */
function projectOf(wheel: string): string {
    const [name = ""] = wheel.split("-");
    return name.replaceAll(/[-_.]+/g, "-").toLowerCase();
}
