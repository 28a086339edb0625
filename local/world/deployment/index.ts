export {
    choosePipeline,
    connectionArn,
    hasPipeline,
    pipelineSettings,
    production,
    productionSettings,
    repository,
} from "./pipelineSettings";
export { ec2Settings, instanceTags, secretName } from "./ec2Settings";
export {
    type DeployOptions,
    type DeployRequest,
    type DeployResult,
    jobVariables,
    releaseOf,
    runDeploy,
} from "./runDeploy";
