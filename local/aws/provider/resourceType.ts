import type { AwsClients } from "./awsClients";
import type { Fields, Properties } from "./fields";

/** Context that the code of a resource type or function works with. */
export interface AwsContext {
    clients: AwsClients;
    /** Region of this provider, for example `us-east-1`. */
    region: string;
    /** Partition of that Region, as ARNs begin with it, for example `aws`. */
    partition: string;
    /** Domain of AWS's endpoints in that partition, for example `amazonaws.com`. */
    dnsSuffix: string;
    /** Name of the Region in English, for example `US East (N. Virginia)`. */
    regionDescription: string;
}

/** Rule for a physical name when the program gives none: `<logical name>-<7 hexadecimal digits>`, as pulumi-aws does. */
export interface AutoName {
    /** Property that holds the name. */
    property: string;
    /** Length limit of the name; the logical name is cut to fit. */
    maxLength: number;
    /**
     * Whether AWS takes lower case only.
     *
     * @default false
     */
    lowerCase?: boolean;
    /**
     * Property with a prefix to use instead of the logical name.
     *
     * @default none
     */
    prefixProperty?: string;
    /**
     * Whether digits follow the logical name.
     *
     * @default true
     */
    unique?: boolean;
}

/** Resource type of pulumi-aws 7.48 in terms of AWS API calls. */
export interface ResourceType {
    /** Inputs that are implemented; any other is refused. `region` and `tags` are added where they apply. */
    inputs: Fields;
    /** Outputs that AWS computes, by the names of pulumi-aws, without `id`, `region` and `tagsAll`. */
    computed: readonly string[];
    /** Inputs whose change needs a replacement. */
    replaceOn: readonly string[];
    /**
     * Whether a replacement must delete first, because old and new are the same thing to AWS.
     *
     * @default false; a resource with a fixed name is deleted first anyway
     */
    deleteBeforeReplace?: boolean;
    /** Rule for physical names. @default the name is an ordinary input */
    autoName?: AutoName;
    /**
     * Outputs that are secret even when the program did not say so.
     *
     * @default none
     */
    secretOutputs?: readonly string[];
    /**
     * Computed inputs that an import takes from AWS all the same: the program has to declare them.
     *
     * @default none
     */
    importedInputs?: readonly string[];
    /**
     * Computed outputs that an update may change, so a preview of it cannot know them.
     *
     * @default none
     */
    movedByUpdate?: readonly string[];
    /** Finds problems between inputs that the table of inputs cannot express. @default none */
    conflicts?(inputs: Properties): string | undefined;
    /**
     * Creates the resource with its first API call.
     *
     * @returns its id, from which alone {@link read} must find it
     */
    create(aws: AwsContext, inputs: Properties): Promise<string>;
    /**
     * Makes the API calls after the first one. When one fails, the resource is recorded as created but unfinished, and the next update
     * continues.
     *
     * @default none
     */
    finishCreate?(aws: AwsContext, id: string, inputs: Properties): Promise<void>;
    /**
     * Reads the resource as it is.
     *
     * @param known inputs and outputs known so far, empty at an import
     * @returns inputs and computed outputs as AWS reports them: a member left out means that AWS does not report it, so
     * that the declared value stays; null means that AWS reports it as absent. Undefined when the resource is gone.
     */
    read(aws: AwsContext, id: string, known: Properties): Promise<Properties | undefined>;
    /**
     * Updates the resource to the inputs; may repeat earlier calls.
     *
     * @param changed names of the inputs that differ from the state
     * @default a changed input needs no API call (for example `forceDelete`)
     */
    update?(
        aws: AwsContext,
        id: string,
        inputs: Properties,
        changed: ReadonlySet<string>,
        old: Properties,
    ): Promise<void>;
    /** Deletes the resource; a missing resource is no error. */
    delete(aws: AwsContext, id: string, known: Properties): Promise<void>;
}

/** Resource types by Pulumi type token, for example `aws:ecr/repository:Repository`. */
export type ResourceTypes = Readonly<Record<string, ResourceType>>;
