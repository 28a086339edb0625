import assert from "node:assert/strict";
import { CreateRepositoryCommand, type ImageTagMutability } from "@aws-sdk/client-ecr";
import { awsClients, engineWorld, type EngineWorld } from "../engineWorld";
import { type LanguageHost, serveLanguageHost } from "../languageHost";
import type { GuideSection } from "./guide";
import { MigratingProject, type Summary, summaryOf } from "./migratingProject";
import { pushImages, repositoryFacts } from "./origins";

/** Words of the guide for the option that refuses replacements. */
const protection = /\s*protect: true,?/;

/** Offline world in which the files and commands of the guide are run. */
export class MigrationWorld {
    private constructor(
        readonly engine: EngineWorld,
        private readonly host: LanguageHost,
    ) {}

    static async open(): Promise<MigrationWorld> {
        return new MigrationWorld(await engineWorld(), await serveLanguageHost());
    }

    close(): void {
        this.host.stop();
    }

    /** Creates a repository with two images and their caches. */
    async createRepository(repositoryName: string, imageTagMutability: ImageTagMutability = "MUTABLE"): Promise<void> {
        await awsClients(this.engine).ecr.send(new CreateRepositoryCommand({ repositoryName, imageTagMutability }));
        await pushImages(this.engine, repositoryName, ["latest", "4f2a9c1"]);
    }

    /** Opens a project with the files of a section, in which names of an origin stand for those of the guide. */
    open(name: string, section: GuideSection, names: Record<string, string> = {}): MigratingProject {
        const { engine, host } = this;
        const project = MigratingProject.create(engine, host, name, { "eu-central-1": engine.world.region, ...names });
        project.write("index.ts", section.program!);
        if (section.imports !== undefined) project.write("import.json", section.imports);
        return project;
    }

    /** Runs commands, and asserts that all that was in the repository is in it afterwards. @returns the summary of the last update */
    async keeping(repository: string, work: () => Promise<string>): Promise<Summary> {
        const before = await repositoryFacts(this.engine, repository);
        const summary = summaryOf(await work());
        const after = await repositoryFacts(this.engine, repository);
        assert.ok(before.length >= 5, before.join());
        assert.deepEqual(
            before.filter((fact) => !after.includes(fact)),
            [],
        );
        return summary;
    }

    /** Takes the protection out, as the guide says, and asserts that nothing changes by that. */
    async release(project: MigratingProject, section: GuideSection): Promise<void> {
        project.write("index.ts", section.program!.replace(protection, ""));
        assert.deepEqual(summaryOf(await project.run("pulumi up --expect-no-changes")), {});
    }
}
