/** CI services whose jobs can identify themselves. */
export const ciServices = {
    github: {
        url: "https://token.actions.githubusercontent.com",
        audience: "sts.amazonaws.com",
        subject:
            /^repo:[A-Za-z0-9._@-]+\/[A-Za-z0-9._@-]+:(pull_request|(environment:|ref:refs\/(heads|tags)\/)[^*?].*)$/,
        example: "repo:<owner>/<repository>:environment:prod",
    },
    gitlab: {
        url: "https://gitlab.com",
        audience: "https://gitlab.com",
        subject: /^project_path:[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)+:ref_type:(branch|tag):ref:[^*?].*$/,
        example: "project_path:<group>/<project>:ref_type:branch:ref:main",
    },
} as const;

/** Name of a CI service. */
export type CiService = keyof typeof ciServices;

/** Repository on GitHub. */
export interface GithubRepository {
    /** Organisation or user. */
    owner: string;
    /** Number of the owner; `gh api repos/<owner>/<repository> --jq .owner.id`. */
    ownerId: string;
    /** Name of the repository. */
    repository: string;
    /** Number of the repository; `gh api repos/<owner>/<repository> --jq .id`. */
    repositoryId: string;
}

/**
 * Lists the subjects that a job of a repository may have, in both forms. Repositories created, renamed or transferred since 15 July 2026
 * send the numbers with the names, older ones only the names.
 *
 * @param context condition of the job: `environment:prod`, `ref:refs/heads/main`
 * @see https://github.com/aws-actions/configure-aws-credentials/issues/1888
 */
export function githubSubjects(repository: GithubRepository, context: string): string[] {
    const { owner, ownerId, repository: name, repositoryId } = repository;
    return [`repo:${owner}/${name}:${context}`, `repo:${owner}@${ownerId}/${name}@${repositoryId}:${context}`];
}

/**
 * Lists the faults of subjects. A subject names one repository or project completely and is bound to a branch, tag or environment. `*` and
 * `?` stand for any text in that name, but not at its beginning: `*a*` would match nearly every branch. Jobs of pull requests may start
 * builds, and deploy nothing.
 *
 * @param kind purpose for which the jobs are let in
 * @returns one sentence for each wrong subject
 */
export function subjectProblems(service: CiService, kind: "build" | "deploy", subjects: string[]): string[] {
    const { subject, example } = ciServices[service];
    return subjects.flatMap((one) => {
        const is = `The ${service} subject of ${kind}s is "${one}"; allowed:`;
        if (!subject.test(one)) {
            return `${is} one repository, bound to a branch, tag or environment whose name does not begin with a wildcard, such as ${example}`;
        }
        if (kind === "deploy" && one.endsWith(":pull_request")) {
            return `${is} a branch, tag or environment, since anybody's pull request would deploy`;
        }
        return [];
    });
}
