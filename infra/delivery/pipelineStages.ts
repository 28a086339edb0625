import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { commonStages } from "./deliveryNames";
import type { DeliverySource } from "./deliveryPipelineArgs";

type Stage = aws.types.input.codepipeline.PipelineStage;
type Action = aws.types.input.codepipeline.PipelineStageAction;

/** CodeBuild project of an action, and the role that starts it. */
export interface ProjectAction {
    /** Name of the project. */
    projectName: pulumi.Input<string>;
    /** ARN of the role. */
    startRoleArn: pulumi.Input<string>;
}

/** Parts that the stages are made of. */
export interface StageParts {
    source: DeliverySource & { roleArn: pulumi.Input<string> };
    build: ProjectAction;
    scan: ProjectAction;
    /** Environment that receives each image first. */
    deploy: ProjectAction & { environment: string };
    /** Further environments, in their order. */
    promotions: (ProjectAction & { environment: string })[];
}

/** Artifact that carries the source. */
const sourceArtifact = "Source";

/** Name of the action that approves, in the stage of each environment after the first. */
export const approvalAction = "Approve";

/**
 * Lists the stages: source, build, scan gate, first environment, and for each further environment a comparison, an approval and the
 * promotion. The digest that Build has pushed is handed on by its variable IMAGE_URI; no later action names a tag.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html
 */
export function pipelineStages({ source, build, scan, deploy, promotions }: StageParts): Stage[] {
    const image = { IMAGE_URI: "#{Build.IMAGE_URI}" };
    return [
        { name: commonStages.source, actions: [sourceAction(source)] },
        { name: commonStages.build, actions: [projectAction("Build", build)] },
        { name: commonStages.scan, actions: [projectAction("Scan", scan, image)] },
        { name: deploy.environment, actions: [projectAction("Deploy", deploy, image)] },
        ...promotions.map((promotion) => ({
            name: promotion.environment,
            actions: [
                projectAction("Compare", promotion, { ...image, COMPARE: "true" }, namespaceOf(promotion)),
                { ...approval(namespaceOf(promotion)), runOrder: 2 },
                { ...projectAction("Promote", promotion, image), runOrder: 3 },
            ],
        })),
    ];
}

function namespaceOf({ environment }: { environment: string }): string {
    return `Compare_${environment}`;
}

function sourceAction({ connectionArn, repository, branch = "main", roleArn }: StageParts["source"]): Action {
    return {
        name: "Source",
        category: "Source",
        owner: "AWS",
        provider: "CodeStarSourceConnection",
        version: "1",
        configuration: {
            ConnectionArn: connectionArn,
            FullRepositoryId: repository,
            BranchName: branch,
            OutputArtifactFormat: "CODE_ZIP",
        },
        outputArtifacts: [sourceArtifact],
        namespace: "Source",
        roleArn,
    };
}

/**
 * Makes an action that runs a project.
 *
 * @param variables values of the build's variables, which may hold variables of the pipeline
 * @param namespace name by which later actions read what the build exports. @default - that of the action, where the stage is one of its own
 */
function projectAction(
    name: string,
    { projectName, startRoleArn }: ProjectAction,
    variables: Record<string, string> = {},
    namespace = ["Build", "Scan"].includes(name) ? name : undefined,
): Action {
    const list = Object.entries(variables).map(([name, value]) => ({ name, value, type: "PLAINTEXT" }));
    return {
        name,
        category: "Build",
        owner: "AWS",
        provider: "CodeBuild",
        version: "1",
        configuration: {
            ProjectName: projectName,
            ...(list.length > 0 && { EnvironmentVariables: JSON.stringify(list) }),
        },
        inputArtifacts: [sourceArtifact],
        namespace,
        roleArn: startRoleArn,
        runOrder: 1,
    };
}

/** Makes an approval that shows the image before and after, the commits between them, and the findings. @param compare namespace of the comparison */
function approval(compare: string): Action {
    return {
        name: approvalAction,
        category: "Approval",
        owner: "AWS",
        provider: "Manual",
        version: "1",
        configuration: { CustomData: `#{${compare}.CHANGE}, commit #{Source.CommitId}. Findings: #{Scan.FINDINGS}` },
    };
}

/**
 * Makes the trigger of the pipeline: pushes to the branch, or of tags.
 *
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-filter.html
 */
export function pipelineTrigger({
    branch = "main",
    paths,
    tags,
}: DeliverySource): aws.types.input.codepipeline.PipelineTrigger {
    const push =
        tags === undefined
            ? { branches: { includes: [branch] }, ...(paths && { filePaths: { includes: paths } }) }
            : { tags: { includes: tags } };
    return {
        providerType: "CodeStarSourceConnection",
        gitConfiguration: { sourceActionName: "Source", pushes: [push] },
    };
}
