import type { Stage } from "../dockerfile/dockerfile";
import { isRun } from "../dockerfile/stages";

/** Folder of the stage's previous image that seeds an empty cache mount. */
export interface CarriedFolder {
    /** Id of the mount: `<stage>:<folder>`. */
    id: string;
    /** Absolute path of the folder in the image. */
    folder: string;
}

/** Lists the folders that a stage's cache mounts name in their ids. @param stages the stage and those below it */
export function carriedFolders(name: string, stages: Stage[]): CarriedFolder[] {
    const ids = stages
        .flatMap(({ steps }) => steps.filter(isRun).flatMap(({ mounts }) => mounts))
        .flatMap(({ type, id = "" }) => (type === "cache" && id.startsWith(`${name}:/`) ? [id] : []))
        // The value of a variable is not known here.
        .filter((id) => !id.includes("$"));
    return [...new Set(ids)].map((id) => ({ id, folder: id.slice(name.length + 1) }));
}

/**
 * Replaces the mounts' ids by ids that no other recipe of the stage has. On a builder that lives on, a mount then never holds files made on
 * another base image, by other instructions or for another platform.
 *
 * @param recipe identity of the recipe
 */
export function withOwnIds(
    text: string,
    folders: CarriedFolder[],
    recipe: string,
): { text: string; folders: CarriedFolder[] } {
    const own = folders.map(({ id, folder }) => ({ id: `${id}@${recipe}`, folder }));
    const renamed = folders.reduce(
        (renaming, { id }, index) => renaming.replace(mountId(id), () => `id=${own[index]!.id}`),
        text,
    );
    return { text: renamed, folders: own };
}

/** Makes the pattern of an id as an option of `--mount`. */
function mountId(id: string): RegExp {
    return new RegExp(`(?<=[=,])id=${id.replace(/[^A-Za-z0-9_]/g, "\\$&")}(?=[,\\s])`, "g");
}

/** Name of the context from which {@link fillingDockerfile} copies folders. */
export const lastImage = "last-image";

/**
 * Script that fills each empty mount. Unfinished entries have a name of their own: a step that reads the mount meanwhile, or after an
 * interrupted filling, finds complete entries only.
 */
const script = `set -eu
while [ "$#" -gt 0 ]; do
  mount=$1 folder=$2
  shift 2
  rm -rf "$mount/.unfinished"
  if [ -n "$(ls -A "$mount")" ]; then continue; fi
  if [ ! -d "$folder" ]; then echo "The last image has no folder $folder."; continue; fi
  mkdir "$mount/.unfinished"
  cp -a "$folder/." "$mount/.unfinished"
  for entry in "$mount/.unfinished"/* "$mount/.unfinished"/.[!.]*; do
    if [ -e "$entry" ] || [ -L "$entry" ]; then mv "$entry" "$mount"; fi
  done
  rm -rf "$mount/.unfinished"
done`;

/** Renders a Dockerfile whose build fills cache mounts from the folders of an image, given as the context {@link lastImage}. */
export function fillingDockerfile(folders: CarriedFolder[]): string {
    const target = (index: number) => `/carried/${index}`;
    const mounts = folders.map(({ id }, index) => `--mount=type=cache,id=${id},target=${target(index)},sharing=locked`);
    const command = [
        "/bin/sh",
        "-c",
        script,
        "fill",
        ...folders.flatMap(({ folder }, index) => [target(index), folder]),
    ];
    return `FROM ${lastImage}\nUSER 0\nRUN ${mounts.join(" ")} ${JSON.stringify(command)}\n`;
}
