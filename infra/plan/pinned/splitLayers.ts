import * as ast from "dockerfile-ast";
import type { Stage } from "../dockerfile/dockerfile";
import { layerNames, layersFolder, splitMounts, splitScript } from "./splitScript";
import { splitAtFrom } from "./stageSlice";

/** Stage whose packages are spread over layers. */
export interface SplitStage {
    /** Text of the Dockerfile. */
    text: string;
    /** All stages of the Dockerfile. */
    stages: Stage[];
    /** Stage to split. */
    stage: Stage;
    /** Absolute paths of the folders whose entries are spread. */
    folders: string[];
}

/** Instructions that only set metadata of the image, or what later instructions see: the split stage repeats them. */
const repeated = new Set([
    ...["ARG", "CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "MAINTAINER"],
    ...["ONBUILD", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"],
]);

/** Returns the name of the stage that has the layers of the stage `name`. */
export function splitTarget(name: string): string {
    return `${name}.layers`;
}

/**
 * Renders the stages that spread a stage's packages over layers. They are appended to a Dockerfile with the stage: the stage is built as it
 * stands, a script sorts the files that it adds to its base, and one COPY for each layer puts them on that base. `--link` makes a layer
 * depend on its own files only, so a registry and a host that have it need nothing of it.
 *
 * The metadata follows the files: WORKDIR finds its folder and makes no layer with the time of the build.
 */
export function splitDockerfile({ text, stages, stage, folders }: SplitStage): string {
    const name = stage.name!;
    const [, ...parts] = splitAtFrom(ast.DockerfileParser.parse(text.replace(/^\uFEFF/, "")).getInstructions());
    const [from, ...instructions] = parts[stages.indexOf(stage)]!;
    const [rest, ...packages] = layerNames;
    const copy = (layer: string) => `COPY --link --from=${parted} ${layersFolder}/${layer}/ /`;
    const [base, script, parted] = [`${name}.base`, `${name}.script`, `${name}.parts`];
    return [
        // An error of BuildKit shows the whole command, so the script is a file.
        `FROM scratch AS ${script}`,
        `COPY <<"SCRIPT" /split.sh\n${splitScript}\nSCRIPT`,
        from!.getTextContent().replace(/\s+AS\s+\S+\s*$/i, ` AS ${base}`),
        `FROM ${name} AS ${parted}`,
        "USER 0",
        [
            `RUN --mount=type=bind,from=${base},target=${splitMounts.base}`,
            `--mount=type=bind,from=${name},target=${splitMounts.stage}`,
            `--mount=type=bind,from=${script},target=${splitMounts.script}`,
            JSON.stringify(["/bin/sh", `${splitMounts.script}/split.sh`, ...folders]),
        ].join(" "),
        `FROM ${base} AS ${splitTarget(name)}`,
        copy(rest!),
        ...instructions.filter((one) => repeated.has(one.getKeyword())).map((one) => one.getTextContent()),
        ...packages.map(copy),
        "",
    ].join("\n");
}
