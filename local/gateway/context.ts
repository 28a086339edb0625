import type { KeyObject } from "node:crypto";
import type { Ssm } from "../ssm";
import type { CodeBuildClient } from "@aws-sdk/client-codebuild";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { BuildStore } from "../codebuild/buildStore";
import type { AccessLog } from "./accessLog";
import type { GatewayConfiguration } from "./configuration";
import { accountId } from "./configuration";
import type { ProjectSettings } from "./projectSettings";
import type { ReportStore } from "./reportStore";
import type { Principals } from "./principals";
import type { RegistryAuthorization } from "./registryAuthorization";
import type { RegistryFaults } from "./registryFaults";
import type { Serial } from "./serial";
import type { RepositoryBlobs } from "./repositoryBlobs";
import type { ServiceRoles } from "./serviceRoles";
import type { Link } from "./shaping";
import type { TaggedAuthorization } from "./taggedAuthorization";
import type { TagMutabilities } from "./tagMutability";
import type { Tokens } from "./tokens";
import type { Traffic } from "./traffic";
import type { Upstream } from "./upstream";

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
    /** Key that tokens of CI jobs are signed with. */
    tokenKey: KeyObject;
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
