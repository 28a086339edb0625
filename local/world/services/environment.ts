import { networkVariables, pickVariables } from "../../machine/environment";
import type { WorldLayout } from "./layout";

/** Variables of the person's environment that services get: paths of programs and settings of the network. */
const passedOn = ["PATH", "HOME", "USER", "LANG", "LC_ALL", ...networkVariables];

/**
 * Makes the environment that all services share. Other variables of the person stay out: AWS_PROFILE, or one that MiniStack reads, would
 * change the world.
 */
export function baseEnvironment(layout: WorldLayout): Record<string, string> {
    return { ...pickVariables(passedOn), TMPDIR: layout.temporary };
}
