import { ImagePipeline } from "./components";
import { lambdaFunctionNames, readConfig } from "./config/config";
import { stackOutputs } from "./outputs";
import { createTargets } from "./targets";

const config = readConfig();
const pipeline = new ImagePipeline("pipeline", { ...config, lambdaFunctionNames: lambdaFunctionNames(config) });

export = stackOutputs(config, pipeline, createTargets(config, pipeline));
