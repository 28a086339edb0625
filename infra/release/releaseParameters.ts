import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type TagArgs, withTags } from "../aws/tags";

/** Image whose releases are recorded. */
export interface ReleasedImage {
    /** Name of the image. */
    name: string;
    /** Image to release at first: `repository@sha256:…`. */
    imageUri: pulumi.Input<string>;
}

/** Arguments of {@link ReleaseParameters}. */
export interface ReleaseParametersArgs extends TagArgs {
    /** Name of the application, first part of the parameter names. */
    application: string;
    /** Name of the environment, second part of the parameter names. */
    environment: string;
    /** The application's images. The first image is recorded as `image-tag`, each further image as `image-tag-<name>`. */
    images: ReleasedImage[];
    /** Folder on the target hosts that holds the application's compose files. */
    hostFolder: pulumi.Input<string>;
    /** Name of the secret that holds the application's settings. */
    secretName: pulumi.Input<string>;
}

/**
 * SSM parameters that deploy jobs read and write. The released image is written when the parameter is created; from then on it belongs to
 * the deploys, and `pulumi up` leaves it unchanged.
 */
export class ReleaseParameters extends pulumi.ComponentResource {
    /** Names of the released images' parameters, by image name. */
    readonly imageTagParameters: Record<string, pulumi.Output<string>>;
    /** Name of the parameter that holds the folder on the target hosts. */
    readonly directoryAppParameter: pulumi.Output<string>;
    /** Name of the parameter that names the settings' secret. */
    readonly secretNameParameter: pulumi.Output<string>;

    constructor(name: string, args: ReleaseParametersArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cached-image-pipeline:index:ReleaseParameters", name, {}, withTags(opts, args));

        const path = parameterPath(args.application, args.environment);
        const parameter = (leaf: string, description: string, value: pulumi.Input<string>, ownedByDeploys = false) =>
            new aws.ssm.Parameter(
                `${name}-${leaf}`,
                { name: `${path}/${leaf}`, type: "String", description, insecureValue: value },
                { parent: this, ignoreChanges: ownedByDeploys ? ["insecureValue", "value"] : [] },
            ).name;

        this.imageTagParameters = Object.fromEntries(
            args.images.map(({ name: image, imageUri }, index) => {
                const leaf = index === 0 ? "image-tag" : `image-tag-${image}`;
                return [image, parameter(leaf, `Released image of ${image}, moved by deploys`, imageUri, true)];
            }),
        );
        this.directoryAppParameter = parameter("directory-app", "Folder of the compose files", args.hostFolder);
        this.secretNameParameter = parameter("secret-name", "Secret with the application's settings", args.secretName);
        this.registerOutputs({
            imageTagParameters: this.imageTagParameters,
            directoryAppParameter: this.directoryAppParameter,
            secretNameParameter: this.secretNameParameter,
        });
    }
}

function parameterPath(application: string, environment: string): string {
    return `/${application}/${environment}/config`;
}

/** Names the parameter that holds the released first image of an environment, including environments that another stack declares. */
export function releaseParameterName(application: string, environment: string): string {
    return `${parameterPath(application, environment)}/image-tag`;
}
