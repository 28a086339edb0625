import * as fs from "node:fs";
import * as path from "node:path";
import { CreateRepositoryCommand, DeleteRepositoryCommand } from "@aws-sdk/client-ecr";
import { DeleteProjectCommand } from "@aws-sdk/client-codebuild";
import { DeleteRoleCommand, DeleteRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { parse } from "yaml";
import { awsClients, type EngineWorld } from "../engineWorld";
import { createProject, createRole, type OriginProject } from "./origins";

/** Values of a template's resource. */
type Values = Record<string, unknown>;

/** Template of CloudFormation, in the notation that JSON has for references. */
export interface Template {
    Resources: Record<string, { Type: string; DeletionPolicy?: "Retain"; Properties: Values }>;
}

/** Resource that a stack has made. */
interface Made {
    /** Value of `Ref`. */
    name: string;
    /** Value of `GetAtt` for the attribute `Arn`. */
    arn: string;
    remove(): Promise<unknown>;
}

/** Reads the template of AWS's walk-through. */
export function readTemplate(): Template {
    return parse(fs.readFileSync(path.join(__dirname, "template.yaml"), "utf8"), {
        customTags: [
            { tag: "!Ref", resolve: (text: string) => ({ Ref: text }) },
            { tag: "!GetAtt", resolve: (text: string) => ({ "Fn::GetAtt": text.split(".") }) },
        ],
    }) as Template;
}

/** Makes what a template declares, and deletes it by CloudFormation's rule. The offline world has no CloudFormation. */
export class TemplateStack {
    private readonly made = new Map<string, Made>();

    private constructor(
        private readonly engine: EngineWorld,
        private readonly template: Template,
    ) {}

    static async create(engine: EngineWorld, template: Template): Promise<TemplateStack> {
        const stack = new TemplateStack(engine, template);
        for (const id of Object.keys(template.Resources)) await stack.resource(id);
        return stack;
    }

    /**
     * Deletes the stack, the newest resource first.
     *
     * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
     */
    async delete(retained: string[]): Promise<void> {
        for (const [id, made] of [...this.made].reverse()) if (!retained.includes(id)) await made.remove();
    }

    /** Makes a resource after those that it refers to. */
    private async resource(id: string): Promise<Made> {
        const known = this.made.get(id);
        if (known !== undefined) return known;
        const { Type, Properties } = this.template.Resources[id]!;
        const made = await creators[Type]!(this.engine, id, (await this.resolve(Properties)) as Values);
        this.made.set(id, made);
        return made;
    }

    private async resolve(value: unknown): Promise<unknown> {
        if (Array.isArray(value)) return Promise.all(value.map((item) => this.resolve(item)));
        if (typeof value !== "object" || value === null) return value;
        const { Ref: name, "Fn::GetAtt": attribute } = value as { Ref?: string; "Fn::GetAtt"?: [string, string] };
        if (name !== undefined) return (await this.resource(name)).name;
        if (attribute !== undefined) return (await this.resource(attribute[0])).arn;
        const entries: [string, unknown][] = [];
        for (const [key, inner] of Object.entries(value)) entries.push([key, await this.resolve(inner)]);
        return Object.fromEntries(entries);
    }
}

/** Creators of resources by type. */
const creators: Record<string, (engine: EngineWorld, id: string, properties: Values) => Promise<Made>> = {
    "AWS::IAM::Role": async (engine, id) => {
        const name = `codebuild-cache-${id}`;
        const remove = () => awsClients(engine).iam.send(new DeleteRoleCommand({ RoleName: name }));
        return { name, arn: await createRole(engine, name), remove };
    },
    "AWS::IAM::RolePolicy": async (engine, id, { RoleName, PolicyName, PolicyDocument }) => {
        const policy = { RoleName: RoleName as string, PolicyName: PolicyName as string };
        const { iam } = awsClients(engine);
        await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: JSON.stringify(PolicyDocument) }));
        return { name: id, arn: "", remove: () => iam.send(new DeleteRolePolicyCommand(policy)) };
    },
    "AWS::ECR::Repository": async (engine, _, { RepositoryName, ImageScanningConfiguration }) => {
        const { ecr } = awsClients(engine);
        const repositoryName = RepositoryName as string;
        const imageScanningConfiguration = camelCase(ImageScanningConfiguration) as { scanOnPush: boolean };
        const answer = await ecr.send(new CreateRepositoryCommand({ repositoryName, imageScanningConfiguration }));
        const remove = () => ecr.send(new DeleteRepositoryCommand({ repositoryName }));
        return { name: repositoryName, arn: answer.repository!.repositoryArn!, remove };
    },
    "AWS::CodeBuild::Project": async (engine, _, properties) => {
        const project = camelCase(properties) as OriginProject;
        await createProject(engine, project);
        const name = project.name!;
        return { name, arn: "", remove: () => awsClients(engine).codebuild.send(new DeleteProjectCommand({ name })) };
    },
};

/** Renames members as CodeBuild's and ECR's API has them: `BuildSpec` of a template is `buildspec`. */
function camelCase(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(camelCase);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
            key === "BuildSpec" ? "buildspec" : key.charAt(0).toLowerCase() + key.slice(1),
            camelCase(inner),
        ]),
    );
}
