import { pythonModule } from "../packages/wheels";
import type { DockerfileForm, Edits } from "./workload";
import { writeFiles } from "../packages/writeFiles";

const base = "ARG BASE_REGISTRY\nFROM ${BASE_REGISTRY}/python:3.11-slim";

/** Dockerfiles of a Python application. The published one begins with an `apt-get install`, for which there are no packages here. */
export const pythonDockerfiles: Record<DockerfileForm, string> = {
    // From the write-up of "mode=max"; without --no-cache-dir its layer would hold each package twice.
    published: `${base}
COPY ./requirements.txt app/
RUN pip3 install --no-cache-dir -r app/requirements.txt
COPY ./app/ app/
EXPOSE 8501
WORKDIR /app
ENTRYPOINT ["python3", "main.py"]
`,
    // From the write-up of "mode=max and S3"; its own --no-cache-dir would leave the mount empty.
    carried: `${base} AS base
FROM base AS dependencies
WORKDIR /app
COPY requirements.txt .
RUN --mount=type=cache,target=/root/.cache/pip,sharing=locked \\
    pip install -r requirements.txt
FROM dependencies AS final
COPY . .
EXPOSE 9000
CMD ["sh", "-c", "python3 app/main.py"]
`,
    // The mount /last begins with the packages of the stage's last image; what is not required as it is there, is taken away. Requirements may
    // have hashes, so a line is compared up to its first space.
    ours: `${base} AS deps
WORKDIR /srv
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \\
    --mount=type=cache,id=deps:/srv/venv,target=/last \\
    export PYTHONDONTWRITEBYTECODE=1 && cp -a /last venv && { test -e venv/pyvenv.cfg || python -m venv --without-pip venv; } && \\
    venv/bin/python -c "import re; from importlib.metadata import distributions; \\
key = lambda text: re.sub('[-_.]+', '-', text).lower(); \\
required = {key(line.split()[0]) for line in open('requirements.txt') if '==' in line}; \\
print(*[one.name for one in distributions() if key(f'{one.name}=={one.version}') not in required])" > /tmp/outdated && \\
    xargs -r pip --python venv uninstall -y < /tmp/outdated && \\
    pip --python venv install --no-compile -r requirements.txt
FROM deps
EXPOSE 8501
ENTRYPOINT ["venv/bin/python", "app/main.py"]
COPY --link app/ /srv/app/
`,
};

/** Stages of our Dockerfile that are kept as images. */
export const pythonPinnedStages = [{ name: "deps", layers: ["/srv/venv/lib/python3.11/site-packages"] }];

/** Renders the requirements of an application with packages of the benchmark. */
export function requirementsOf(packages: string[], { dependency = false }: Edits): string {
    return [...packages, ...(dependency ? ["added"] : [])].map((name) => `${name}==1.0\n`).join("");
}

/** Writes the source of a Python application. @param requirements text of its requirements.txt */
export async function writePythonApplication(
    folder: string,
    { documentation = 0, code = 0 }: Edits,
    requirements: string,
): Promise<void> {
    const modules = Array.from({ length: 40 }, (_, index) => [
        `app/module_${index}.py`,
        pythonModule(`app ${index}`, 8000),
    ]);
    await writeFiles(folder, {
        "requirements.txt": requirements,
        ".dockerignore": "*.md\n.dockerignore\n",
        "README.md": `documentation ${documentation}\n`,
        "app/main.py": `print("code ${code}")\n`,
        ...(Object.fromEntries(modules) as Record<string, string>),
    });
}
