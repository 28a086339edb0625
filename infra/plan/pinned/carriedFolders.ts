import type { Stage } from "../dockerfile/dockerfile";
import { isRun } from "../dockerfile/stages";

/** A folder of a stage's image that a cache mount of the stage begins with, where the builder has nothing in the mount. */
export interface CarriedFolder {
    /** The mount's id: `<stage>:<folder>`. */
    id: string;
    /** The folder in the image (absolute). */
    folder: string;
}

/** The folders that a stage's cache mounts name in their ids. @param stages the stage and those below it */
export function carriedFolders(name: string, stages: Stage[]): CarriedFolder[] {
    const ids = stages
        .flatMap(({ steps }) => steps.filter(isRun).flatMap(({ mounts }) => mounts))
        .flatMap(({ type, id = "" }) => (type === "cache" && id.startsWith(`${name}:/`) ? [id] : []))
        // What a variable stands for is not known here.
        .filter((id) => !id.includes("$"));
    return [...new Set(ids)].map((id) => ({ id, folder: id.slice(name.length + 1) }));
}

/**
 * The same folders under ids that no other recipe of the stage has: on a builder that lives on, a mount then never holds what
 * was made on another base image, by other instructions or for another platform.
 *
 * @param recipe what identifies the recipe
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

/** An id as an option of `--mount`. */
function mountId(id: string): RegExp {
    return new RegExp(`(?<=[=,])id=${id.replace(/[^A-Za-z0-9_]/g, "\\$&")}(?=[,\\s])`, "g");
}

/** Name of the context that {@link fillingDockerfile} takes folders from. */
export const lastImage = "last-image";

/**
 * Fills each mount that is empty. What is unfinished has a name of its own, so that a step that reads the mount meanwhile, or after
 * a filling that was ended, finds entries that are whole.
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

/** A Dockerfile whose build fills cache mounts from the folders of an image, which it is given as the context {@link lastImage}. */
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
