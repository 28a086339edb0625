import type { BuildCost } from "../../support/registryBuilds";

/** Pair of Dockerfiles, with the figure that is counted of each one's builds. */
export interface Scenario {
    /** Id of the rule. */
    rule: string;
    /** Files of a context that breaks this rule, and no other one. */
    against: Record<string, string>;
    /** Changed files of the context after the remedy. */
    following: Record<string, string>;
    /** Changes between builds; one build follows each, and the last one is counted. */
    changes: Change[];
    /** Function that selects the counted figure. */
    counted: (cost: BuildCost) => number;
}

/** Change between two builds. */
export interface Change {
    /** Files that change. @default - none */
    files?: Record<string, string>;
    /** Build arguments from then on. @default - none */
    buildArgs?: Record<string, string>;
    /** Whether a new base image `doctor:latest` is released. @default false */
    releasesBase?: boolean;
}

const busybox = "${BASE_REGISTRY}/busybox:1.37-musl";
const megabytesRead = ({ bytesDown }: BuildCost) => bytesDown / 1e6;
const megabytesWritten = ({ bytesUp }: BuildCost) => bytesUp / 1e6;
const runsExecuted = ({ runs }: BuildCost) => runs;
const changedCode: Change = { files: { "app/main.py": "print(2)\n" } };
const changedDependencies: Change = { files: { "requirements.txt": "two==2\n" } };
const makeDependencies = "head -c 20000000 /dev/urandom > /dependencies";

/** Makes an image of one stage: dependencies, then these lines. */
const application = (...lines: string[]) => ({
    Dockerfile: [
        "ARG BASE_REGISTRY",
        `FROM ${busybox}`,
        "COPY requirements.txt /",
        `RUN ${makeDependencies}`,
        ...lines,
    ].join("\n"),
});

/** Makes an image of a stage that makes dependencies, and one with these lines. */
const twoStages = (...lines: string[]) =>
    application(`FROM ${busybox}`, ...lines).Dockerfile.replace("1.37-musl", "1.37-musl AS build");

/** Files of all contexts. */
export const commonFiles = {
    "requirements.txt": "one==1\n",
    "app/main.py": "print(1)\n",
    "README.md": "one",
    // A package manager: what the steps cost is BuildKit's affair, not its own.
    pip: `#!/bin/sh\n${makeDependencies}\n`,
};

const withPip = (...lines: string[]) => ({
    Dockerfile: ["ARG BASE_REGISTRY", `FROM ${busybox}`, "COPY --chmod=755 pip /bin/pip", ...lines].join("\n"),
});

/** Stage that makes a file from the whole context. */
const compiled = [
    "ARG BASE_REGISTRY",
    `FROM ${busybox} AS build`,
    "COPY . /src/",
    "RUN cp /src/app/main.py /out && touch -d @0 /out",
    "FROM scratch",
    "COPY --from=build /out /out",
].join("\n");

const withArgument = (...lines: string[]) => ({
    Dockerfile: ["ARG BASE_REGISTRY", `FROM ${busybox}`, ...lines].join("\n"),
});

const onBase = (tag: string) => ({
    Dockerfile: [
        "ARG BASE_REGISTRY",
        `FROM \${BASE_REGISTRY}/doctor:${tag}`,
        "COPY requirements.txt /",
        "RUN true",
    ].join("\n"),
});

const output = (command: string) => ({
    Dockerfile: [
        "ARG BASE_REGISTRY",
        `FROM ${busybox} AS build`,
        "COPY requirements.txt /",
        `RUN ${makeDependencies}`,
        `RUN --mount=type=bind,source=app,target=/src ${command}`,
        "FROM scratch",
        "COPY --link --from=build /out /out",
    ].join("\n"),
});

/** Scenarios of the rules whose effect BuildKit shows by itself. */
export const scenarios: Scenario[] = [
    {
        rule: "dependencies-after-code",
        against: withPip("COPY --link app/ requirements.txt /app/", "RUN pip install -r /app/requirements.txt"),
        following: withPip("COPY requirements.txt /", "RUN pip install -r /requirements.txt", "COPY --link app/ /app/"),
        changes: [changedCode],
        counted: runsExecuted,
    },
    {
        rule: "run-after-code",
        against: application("COPY --link app/ /app/", "RUN chmod -R a+rX /app"),
        following: application("COPY --link app/ /app/"),
        changes: [changedCode],
        counted: megabytesRead,
    },
    {
        rule: "workdir-after-code",
        against: application("COPY --link app/ /app/", "WORKDIR /app"),
        following: application("WORKDIR /app", "COPY --link app/ /app/"),
        changes: [changedCode],
        counted: megabytesRead,
    },
    {
        rule: "plain-copy-of-code",
        against: application("COPY app/ /app/"),
        following: application("COPY --link app/ /app/"),
        changes: [changedCode],
        counted: megabytesRead,
    },
    {
        rule: "chmod-of-code",
        against: application("COPY --link --chmod=755 app/ /app/"),
        following: application("COPY --link --chown=65534:65534 app/ /app/"),
        changes: [changedCode],
        counted: megabytesRead,
    },
    {
        rule: "linked-copy-of-stage",
        against: {
            Dockerfile: twoStages("WORKDIR /app", "COPY --link --from=build /dependencies /", "COPY --link app/ /app/"),
        },
        following: {
            Dockerfile: twoStages("WORKDIR /app", "COPY --from=build /dependencies /", "COPY --link app/ /app/"),
        },
        changes: [changedDependencies, changedCode],
        counted: megabytesRead,
    },
    {
        rule: "missing-dockerignore",
        against: { Dockerfile: compiled },
        following: { ".dockerignore": "*\n!app\n" },
        changes: [{ files: { "README.md": "two" } }],
        counted: runsExecuted,
    },
    {
        rule: "changing-argument-early",
        against: withArgument("ARG GIT_COMMIT", "RUN touch /one", "RUN touch /two", "LABEL revision=$GIT_COMMIT"),
        following: withArgument("RUN touch /one", "RUN touch /two", "ARG GIT_COMMIT", "LABEL revision=$GIT_COMMIT"),
        changes: [{ buildArgs: { GIT_COMMIT: "2" } }],
        counted: runsExecuted,
    },
    {
        rule: "unpinned-base",
        against: onBase("latest"),
        following: onBase("1.0"),
        changes: [{ releasesBase: true }],
        counted: runsExecuted,
    },
    {
        rule: "output-with-current-time",
        against: output("cp /dependencies /out"),
        following: output("cp /dependencies /out && touch -d @0 /out"),
        changes: [{ files: { "app/main.py": "print(1) # the same\n" } }],
        counted: megabytesWritten,
    },
];
