import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument } from "../aws/policyDocument";
import { type TagArgs, withTags } from "../aws/tags";
import { type CiService, ciServices, subjectProblems } from "./ciSubjects";

/** Jobs of one CI service that may assume the roles. */
export interface CiJobs {
    /**
     * ARN of the account's OIDC provider for the service; an account has one for each address.
     *
     * @default - created
     */
    existingProviderArn?: pulumi.Input<string>;
    /** Address of a self-hosted service. @default - the public one */
    url?: string;
    /** Audience that the jobs' tokens carry. @default - `sts.amazonaws.com` for GitHub, the address for GitLab */
    audience?: string;
    /** Subjects of the jobs that start builds; `*` and `?` stand for any text, after the beginning of a name. @default - none */
    buildSubjects?: string[];
    /** Subjects of the jobs that deploy, never those of pull requests; `*` and `?` as above. @default - none */
    deploySubjects?: string[];
}

/** Arguments of {@link CiIdentity}. */
export interface CiIdentityArgs extends TagArgs {
    /** Jobs on GitHub. @default - none */
    github?: CiJobs;
    /** Jobs on GitLab. @default - none */
    gitlab?: CiJobs;
    /** Policy of the build role, as JSON text. @default - no build role */
    buildPolicy?: pulumi.Input<string>;
    /** Policy of the deploy role, as JSON text. @default - no deploy role */
    deployPolicy?: pulumi.Input<string>;
    /** Role of the jobs that deploy by which they copy images to another account first. @default - no such role */
    copies?: CopyRole;
}

/** Role of jobs that copy images to another account. */
export interface CopyRole {
    /** Name of the role, by which the repository there admits it. */
    roleName: string;
    /** Policy of the role, as JSON text. */
    policy: pulumi.Input<string>;
}

/** CI service, as the trust policies need it. */
interface TrustedService {
    providerArn: pulumi.Output<string>;
    /** Address without its scheme; the condition keys begin with it. */
    issuer: string;
    audience: string;
    jobs: CiJobs;
}

/**
 * Roles that CI jobs assume with the token of their run: one to start builds, one to deploy, and one to copy images to another account. No
 * access keys exist.
 *
 * @see https://docs.github.com/actions/deployment/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services
 * @see https://docs.gitlab.com/ci/cloud_services/aws/
 */
export class CiIdentity extends pulumi.ComponentResource {
    /** ARN of the role of jobs that start builds; undefined without a build policy. */
    readonly buildRoleArn: pulumi.Output<string> | undefined;
    /** ARN of the role of jobs that deploy; undefined without a deploy policy. */
    readonly deployRoleArn: pulumi.Output<string> | undefined;
    /** ARN of the role of jobs that copy images to another account; undefined without `copies`. */
    readonly copyRoleArn: pulumi.Output<string> | undefined;

    constructor(name: string, args: CiIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:CiIdentity", name, {}, withTags(opts, args));

        refuseWrongSubjects(args);
        const services = (["github", "gitlab"] as const).flatMap((service) => this.trustService(name, service, args));
        const { buildPolicy, deployPolicy, copies } = args;
        this.buildRoleArn = this.createRole(`${name}-build`, "buildSubjects", services, {
            description: "Starts builds from CI jobs",
            policy: buildPolicy,
        });
        this.deployRoleArn = this.createRole(`${name}-deploy`, "deploySubjects", services, {
            description: "Deploys from CI jobs",
            policy: deployPolicy,
        });
        this.copyRoleArn = this.createRole(`${name}-copy`, "deploySubjects", services, {
            description: "Copies images to another account from CI jobs",
            roleName: copies?.roleName,
            policy: copies?.policy,
        });
        this.registerOutputs({
            buildRoleArn: this.buildRoleArn,
            deployRoleArn: this.deployRoleArn,
            copyRoleArn: this.copyRoleArn,
        });
    }

    private trustService(name: string, service: CiService, args: CiIdentityArgs): TrustedService[] {
        const jobs = args[service];
        if (jobs === undefined) return [];
        const url = jobs.url ?? ciServices[service].url;
        const audience = jobs.audience ?? (service === "gitlab" ? url : ciServices[service].audience);
        const providerArn =
            jobs.existingProviderArn ??
            new aws.iam.OpenIdConnectProvider(
                `${name}-${service}`,
                { url, clientIdLists: [audience] },
                // Other stacks of the account may use it.
                { parent: this, retainOnDelete: true },
            ).arn;
        return [{ providerArn: pulumi.output(providerArn), issuer: url.replace(/^https:\/\//, ""), audience, jobs }];
    }

    private createRole(
        name: string,
        kind: "buildSubjects" | "deploySubjects",
        services: TrustedService[],
        { description, roleName, policy }: { description: string; roleName?: string; policy?: pulumi.Input<string> },
    ): pulumi.Output<string> | undefined {
        const trusted = services.flatMap(({ jobs, ...service }) => {
            const subjects = jobs[kind] ?? [];
            return subjects.length === 0 ? [] : [{ ...service, subjects }];
        });
        if (policy === undefined || trusted.length === 0) return undefined;
        const role = new aws.iam.Role(
            `${name}-role`,
            {
                name: roleName,
                description,
                assumeRolePolicy: pulumi.output(trusted).apply(jobsTrustPolicy),
            },
            { parent: this },
        );
        new aws.iam.RolePolicy(`${name}-policy`, { role: role.name, policy }, { parent: this });
        return role.arn;
    }
}

/** Refuses subjects that are too wide. @throws pulumi.RunError with one line for each wrong subject */
function refuseWrongSubjects(args: CiIdentityArgs): void {
    const problems = (["github", "gitlab"] as const).flatMap((service) => {
        const { buildSubjects = [], deploySubjects = [] } = args[service] ?? {};
        return [
            ...subjectProblems(service, "build", buildSubjects),
            ...subjectProblems(service, "deploy", deploySubjects),
        ];
    });
    if (problems.length > 0) throw new pulumi.RunError(problems.join("\n"));
}

/** Jobs that a trust policy lets in. */
interface TrustedJobs {
    providerArn: string;
    issuer: string;
    audience: string;
    subjects: string[];
}

/**
 * Renders the trust policy of a role for jobs: the token was made for this audience and has one of these subjects.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html
 */
export function jobsTrustPolicy(trusted: TrustedJobs[]): string {
    return policyDocument(
        trusted.map(({ providerArn, issuer, audience, subjects }) => ({
            Sid: `JobsOf${issuer.replace(/[^A-Za-z0-9]/g, "")}`,
            Principal: { Federated: providerArn },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: {
                StringEquals: { [`${issuer}:aud`]: audience },
                StringLike: { [`${issuer}:sub`]: subjects },
            },
        })),
    );
}
