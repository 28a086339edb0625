import type { AwsClients } from "./awsClients";
import type { Fields, Properties } from "./fields";

/** What the code of a resource type or function works with. */
export interface AwsContext {
    clients: AwsClients;
    /** The one Region of this provider, for example `us-east-1`. */
    region: string;
    /** The partition of that Region, as ARNs begin with it, for example `aws`. */
    partition: string;
    /** The domain of AWS's endpoints in that partition, for example `amazonaws.com`. */
    dnsSuffix: string;
    /** The Region's name in English, for example `US East (N. Virginia)`. */
    regionDescription: string;
}

/** How a physical name is made when the program gives none: `<logical name>-<7 hexadecimal digits>`, as pulumi-aws does. */
export interface AutoName {
    /** The property that holds the name. */
    property: string;
    /** Longest name that AWS takes; the logical name is cut to fit. */
    maxLength: number;
    /**
     * Whether AWS takes lower case only.
     *
     * @default false
     */
    lowerCase?: boolean;
    /**
     * The property with a prefix to use instead of the logical name.
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

/** One resource type of pulumi-aws 7.48 in terms of AWS API calls. */
export interface ResourceType {
    /** The inputs that are implemented; any other is refused. `region` and `tags` are added where they apply. */
    inputs: Fields;
    /** The outputs that AWS computes, by the names of pulumi-aws, without `id`, `region` and `tagsAll`. */
    computed: readonly string[];
    /** Inputs whose change makes another resource. */
    replaceOn: readonly string[];
    /**
     * Whether a replacement must delete first, because old and new are the same thing to AWS.
     *
     * @default false; a resource with a fixed name is deleted first anyway
     */
    deleteBeforeReplace?: boolean;
    /** @default the name is an ordinary input */
    autoName?: AutoName;
    /**
     * Outputs that are secret even when the program did not say so.
     *
     * @default none
     */
    secretOutputs?: readonly string[];
    /**
     * Computed outputs that an update may move, so a preview of it cannot know them.
     *
     * @default none
     */
    movedByUpdate?: readonly string[];
    /** Problems between inputs that the table of inputs cannot say. @default none */
    conflicts?(inputs: Properties): string | undefined;
    /**
     * Makes the resource with its first API call.
     *
     * @returns its id, from which alone {@link read} must find it
     */
    create(aws: AwsContext, inputs: Properties): Promise<string>;
    /**
     * The API calls after the first one. When one fails, the resource is recorded as made but unfinished, and the next
     * update goes on.
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
     * Brings the resource to the inputs; may repeat what was done before.
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
    /** Deletes the resource; one that is already gone is no error. */
    delete(aws: AwsContext, id: string, known: Properties): Promise<void>;
}

/** Resource types by Pulumi type token, for example `aws:ecr/repository:Repository`. */
export type ResourceTypes = Readonly<Record<string, ResourceType>>;
