import type { Ssm } from "../ssm";
import type { CodeBuildClient } from "@aws-sdk/client-codebuild";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { BuildStore } from "../codebuild/buildStore";
import type { AccessLog } from "./accessLog";
import type { GatewayConfiguration } from "./configuration";
import { accountId } from "../ministack/account";
import type { ProjectSettings } from "./services/projectSettings";
import type { ReportStore } from "./services/reportStore";
import type { Principals } from "./iam/principals";
import type { RegistryAuthorization } from "./iam/registryAuthorization";
import type { RegistryFaults } from "./registry/registryFaults";
import type { Serial } from "./serial";
import type { RepositoryBlobs } from "./registry/repositoryBlobs";
import type { ServiceRoles } from "./iam/serviceRoles";
import type { Link } from "./http/shaping";
import type { TaggedAuthorization } from "./iam/taggedAuthorization";
import type { TagMutabilities } from "./registry/tagMutability";
import type { Tokens } from "./registry/tokens";
import type { Traffic } from "./registry/traffic";
import type { Upstream } from "./http/upstream";

/** What the parts of one gateway share. */
export interface GatewayContext {
    /** The configuration it was started with. */
    configuration: GatewayConfiguration;
    /** Host and port that clients use, such as 127.0.0.1:4566. */
    host: string;
    /** The emulator. */
    upstream: Upstream;
    /** Owners of access keys. */
    principals: Principals;
    /** Registry tokens. */
    tokens: Tokens;
    /** Decisions on registry requests. */
    authorization: RegistryAuthorization;
    /** Decisions on requests about tagged resources. */
    taggedAuthorization: TaggedAuthorization;
    /** Documents, managed nodes and commands. */
    ssm: Ssm;
    /** Roles that services of this world assume. */
    serviceRoles: ServiceRoles;
    /** Parameters of the account. */
    parameters: SSMClient;
    /** Projects of CodeBuild, as the emulator keeps them. */
    projects: CodeBuildClient;
    /** What projects of CodeBuild have besides what the emulator keeps. */
    projectSettings: ProjectSettings;
    /** Builds of CodeBuild. */
    builds: BuildStore;
    /** Reports of builds. */
    reports: ReportStore;
    /** Tag mutability of the repositories. */
    mutabilities: TagMutabilities;
    /** Blobs of the repositories. */
    blobs: RepositoryBlobs;
    /** Keeps writes of one tag in order. */
    tagWrites: Serial;
    /** What tests let the registry do wrong. */
    faults: RegistryFaults;
    /** The simulated line to the registry. */
    link: Link;
    /** Bytes of the registry. */
    traffic: Traffic;
    /** The access log. */
    accessLog: AccessLog;
}

/** ARN of a repository in the configured region. */
export function repositoryArn(context: GatewayContext, repository: string): string {
    return `arn:aws:ecr:${context.configuration.region}:${accountId}:repository/${repository}`;
}
