import { go } from "./go";
import { monorepo } from "./monorepo";
import { node } from "./node";
import { python } from "./python";
import { streamlit } from "./streamlit";
import type { Workload } from "./workload";

export type { Workload } from "./workload";

/** List of all workloads, in the order of the tables. */
export const workloads: Workload[] = [python, go, node, monorepo, streamlit];
