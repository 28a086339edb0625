export { currentAgentVersion, type ManagedNode } from "./nodes";
export { openSsm, type Ssm } from "./openSsm";
