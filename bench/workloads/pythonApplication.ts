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
    // The mount /last begins with the packages of the stage's last image; what is not required as it is there, is taken away.
    ours: `${base} AS deps
WORKDIR /srv
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \\
    --mount=type=cache,id=deps:/srv/venv,target=/last \\
    export PYTHONDONTWRITEBYTECODE=1 && cp -a /last venv && { test -e venv/pyvenv.cfg || python -m venv --without-pip venv; } && \\
    venv/bin/python -c "from importlib.metadata import *; print(*[f'{d.name}=={d.version}' for d in distributions()], sep='\\n')" \\
    > /tmp/installed && \\
    { grep -vxFf requirements.txt /tmp/installed | xargs -r pip --python venv uninstall -y; } && \\
    pip --python venv install --no-compile -r requirements.txt
FROM deps
EXPOSE 8501
ENTRYPOINT ["venv/bin/python", "app/main.py"]
COPY --link app/ /srv/app/
`,
};

/** Stages of our Dockerfile that are kept as images. */
export const pythonPinnedStages = [{ name: "deps", layers: ["/srv/venv/lib/python3.11/site-packages"] }];

/** Writes the source of a Python application. @param packages packages that it requires */
export async function writePythonApplication(folder: string, edits: Edits, packages: string[]): Promise<void> {
    const { documentation = 0, code = 0, dependency = false } = edits;
    const required = dependency ? [...packages, "added"] : packages;
    const modules = Array.from({ length: 40 }, (_, index) => [
        `app/module_${index}.py`,
        pythonModule(`app ${index}`, 8000),
    ]);
    await writeFiles(folder, {
        "requirements.txt": required.map((name) => `${name}==1.0\n`).join(""),
        ".dockerignore": "*.md\n.dockerignore\n",
        "README.md": `documentation ${documentation}\n`,
        "app/main.py": `print("code ${code}")\n`,
        ...(Object.fromEntries(modules) as Record<string, string>),
    });
}
