/** Folder of the records and of what their stacks build, from the repository's root. */
export const recordedFolder = "test/engine/earlierStack";

const source = {
    type: "GITHUB",
    location: "https://github.com/example/app.git",
    connectionArn: "arn:aws:codeconnections:us-east-1:000000000000:connection/1",
    webhooks: true,
};

/** Settings of every recorded stack: nothing of the machine, so that its content tags are the same everywhere. */
const common = {
    baseRegistry: "registry.example.com/base",
    caCertificates: "",
};
const app = { name: "app", context: `${recordedFolder}/app` };

/** Settings of the recorded stacks, by name. Together they have every component. */
export const recordedSettings: Record<string, Record<string, unknown>> = {
    services: {
        ...common,
        source: { ...source, tagPattern: "v[0-9.]+" },
        nativeBuilds: true,
        images: [
            { ...app, platforms: ["linux/amd64", "linux/arm64"], pinnedStages: ["dependencies"] },
            { name: "worker", context: `${recordedFolder}/worker`, testTarget: "tests" },
        ],
        ec2: { service: "app", composeFiles: [`${recordedFolder}/compose.yml`] },
        ecs: { port: 8080 },
        ci: {
            github: { buildSubjects: ["repo:example/app:ref:refs/heads/main"] },
            gitlab: { deploySubjects: ["project_path:example/app:ref_type:branch:ref:main"] },
        },
    },
    function: {
        ...common,
        images: [app],
        lambda: { memory: 256 },
        ci: { github: { deploySubjects: ["repo:example/app:environment:dev"] } },
    },
    updates: {
        ...common,
        source,
        images: [app],
        infrastructure: {
            stateBucket: "example-state",
            pulumiVersion: "3.248.0",
            pulumiChecksum: "0".repeat(64),
        },
    },
};
