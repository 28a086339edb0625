// Which folders may use which. Files and folders form no circles: whoever reads one part needs to know only what it uses.

/** Forbids a part to use what a pattern names. */
const forbid = (name, comment, from, to) => ({
    name,
    comment,
    severity: "error",
    from: { path: from },
    to: { path: to },
});

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
    forbidden: [
        { name: "no-circles-of-files", severity: "error", from: {}, to: { circular: true } },
        { name: "no-circles-of-folders", severity: "error", scope: "folder", from: {}, to: { circular: true } },
        forbid("plan-knows-no-pulumi", "CodeBuild runs it too.", "^infra/(plan|doctor)/", "^node_modules/@pulumi/"),
        forbid("build-tools-know-no-pulumi", "They run without it.", "^infra/buildTools/", "^node_modules/@pulumi/"),
        forbid("plan-knows-nobody", "All others use it.", "^infra/plan/", "^infra/(?!plan/)"),
        forbid("aws-stands-below", "All others use it.", "^infra/aws/", "^infra/(?!aws/|plan/)"),
        forbid(
            "components-know-no-settings",
            "Only the program reads settings.",
            "^infra/(?!config/|index|deliver\\.ts|jobs|outputs|targets)",
            "^infra/config/",
        ),
        forbid("local-aws-knows-no-infra", "It stands for AWS.", "^local/aws/", "^infra/"),
        forbid("programs-know-no-tests", "Tests use programs.", "^(infra|local|bench)/", "^test/"),
    ],
    options: {
        tsConfig: { fileName: "tsconfig.json" },
        // Types count as well.
        tsPreCompilationDeps: true,
        doNotFollow: { path: "^node_modules/" },
    },
};
