/** Retention of the images in a repository. */
export interface Retention {
    /** Number of builds kept, the newest first. */
    builds: number;
    /** Days after which a cache that no build writes any more is deleted. */
    cacheDays: number;
    /** Days after which a manifest without a tag is deleted; every push of a cache leaves one. */
    untaggedDays: number;
}

/** Count that exceeds the images of any repository: a rule with this count matches images and never deletes one. */
const neverReached = 100_000;

/**
 * Renders the lifecycle policy of an image repository, as the JSON text that ECR takes.
 *
 * An image that a rule matches is out of reach of all later rules. So the rule for deployed images comes first and protects them by never
 * expiring anything. Each rule has one pattern: with several, an image would have to carry a tag for each pattern. Pinned stages are kept
 * by number: a stage whose dependencies rest for a year is as much in use as a new one. Rules are ordered by priority, as ECR returns them;
 * any other order would show a difference in every preview.
 *
 * Copies of tools (`tool-*`) have no rule, and no rule selects images whatever their tag: they stay. So do the manifests of their
 * platforms, which have no tag: a manifest in an index expires after the index only.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function lifecyclePolicy(retention: Retention): string {
    const rules = [
        keepNewest("deployed images, also each environment's previous one", "deployed-*", neverReached),
        expireAfter("build caches", "cache-*", retention.cacheDays),
        keepNewest("pinned stages", "deps-*", retention.builds),
        expireUntagged(retention.untaggedDays),
        keepNewest("builds by content", "src-*", retention.builds),
        keepNewest("builds by commit whose content tag moved on", "git-*", retention.builds),
    ];
    return JSON.stringify({ rules: rules.map((rule, index) => ({ rulePriority: index + 1, ...rule })) });
}

/** Makes a rule in ECR's own notation, without its priority. */
function expire(description: string, selection: object) {
    return { description, selection, action: { type: "expire" } };
}

function keepNewest(what: string, pattern: string, countNumber: number) {
    const kept = countNumber === neverReached ? "all" : `the newest ${countNumber}`;
    const selection = { tagStatus: "tagged", tagPatternList: [pattern], countType: "imageCountMoreThan", countNumber };
    return expire(`keep ${kept} ${what}`, selection);
}

function expireAfter(what: string, pattern: string, days: number) {
    const tagged = { tagStatus: "tagged", tagPatternList: [pattern] };
    return expire(`expire ${what} after ${days} days`, { ...tagged, ...daysSincePush(days) });
}

function expireUntagged(days: number) {
    return expire(`expire untagged manifests after ${days} days`, { tagStatus: "untagged", ...daysSincePush(days) });
}

function daysSincePush(days: number) {
    return { countType: "sinceImagePushed", countUnit: "days", countNumber: days };
}
