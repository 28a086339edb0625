import assert from "node:assert/strict";
import { Attempts } from "./attempts";
import { HostileWorld } from "./hostileWorld";
import type { Trap } from "./traps";

/** Suite that the groups share: one world, and the count of attempts in it. */
export class HostileSuite {
    readonly attempts = new Attempts();
    private opened: HostileWorld | undefined;
    private initial: Record<string, unknown> = {};

    /** Opens the world, before the groups' own hooks. */
    async open(): Promise<void> {
        this.opened = await HostileWorld.open();
        this.initial = await this.opened.state();
    }

    /** World of all groups. */
    get world(): HostileWorld {
        assert.ok(this.opened, "the world is not open yet");
        return this.opened;
    }

    /** Sets traps, each with a mark of its own. */
    setting(traps: Trap[]): (contexts: string, source: string) => void {
        return (contexts, source) => {
            for (const { what, set } of traps) set({ source, contexts, mark: this.world.mark(what) });
        };
    }

    /** Registers a test: no file has left the mark of a trap. */
    expectNotRun(what: string): void {
        this.attempts.expectNone(`runs nothing of ${what}`, () =>
            this.world.hasRun(what) ? "it was run on the build host" : undefined,
        );
    }

    /** Registers a test: the account equals its state at the opening of the world. */
    expectNothingChanged(): void {
        it("and nothing trusted has changed", async () => assert.deepEqual(await this.world.state(), this.initial));
    }
}
