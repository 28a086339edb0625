/**
 * Program with the resources of `new awsx.ecr.Repository("repo")` and `new awsx.ecr.Image("image", …)`, under the types, names and parents
 * that awsx gives them. awsx's provider is in no package registry.
 *
 * @see https://github.com/pulumi/pulumi-awsx/blob/master/awsx/ecr/repository.ts
 * @see https://github.com/pulumi/pulumi-awsx/blob/master/awsx/ecr/image.ts
 */
export const awsxProgram = `
import * as aws from "@pulumi/aws";
import * as docker from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";

const component = new pulumi.ComponentResource("awsx:ecr:Repository", "repo");
const repository = new aws.ecr.Repository("repo", {}, { parent: component });
const untagged = {
    rulePriority: 1,
    description: "remove untagged images",
    selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 1 },
    action: { type: "expire" },
};
new aws.ecr.LifecyclePolicy("repo", { repository: repository.name, policy: JSON.stringify({ rules: [untagged] }) });

const image = new pulumi.ComponentResource("awsx:ecr:Image", "image");
const token = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId });
const name = pulumi.interpolate\`\${repository.repositoryUrl}:0a1b2c3d-container\`;
new docker.Image(
    "0a1b2c3d-container",
    {
        tags: [name],
        cacheFrom: [{ registry: { ref: name } }],
        cacheTo: [{ inline: {} }],
        context: { location: "./app" },
        push: true,
        registries: [
            { address: repository.repositoryUrl, username: token.userName, password: pulumi.secret(token.password) },
        ],
    },
    { parent: image },
);

export const repositoryName = repository.name;
`;
