import { ImagePipeline } from "./components";
import { functionNames, readConfig } from "./config/config";
import { stackOutputs } from "./outputs";
import { createTargets } from "./targets";

const config = readConfig();
const pipeline = new ImagePipeline("pipeline", { ...config, functionNames: functionNames(config) });

export = stackOutputs(config, pipeline, createTargets(config, pipeline));
