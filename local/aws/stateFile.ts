import * as fs from "node:fs";

/** JSON value in a file that only its owner may read. A write goes to a second file first, so a process that dies half-way leaves the old value. */
export class StateFile<T> {
    /** @param file path of the file; its folder exists */
    constructor(private readonly file: string) {}

    /**
     * Reads the value, or returns `initial` when the file does not exist yet.
     *
     * @throws Error when the file exists and is not JSON
     */
    read(initial: T): T {
        if (!fs.existsSync(this.file)) return initial;
        const text = fs.readFileSync(this.file, "utf8");
        try {
            return JSON.parse(text) as T;
        } catch (error) {
            throw new Error(`${this.file} is not valid JSON; delete it to start with an empty state.`, {
                cause: error,
            });
        }
    }

    /** Replaces the value. */
    write(value: T): void {
        const next = `${this.file}.new`;
        fs.writeFileSync(next, JSON.stringify(value), { mode: 0o600 });
        fs.renameSync(next, this.file);
    }
}

/** Map whose entries survive a restart, in a file as that of {@link StateFile}. */
export class StateMap<Value> extends Map<string, Value> {
    private readonly file: StateFile<Record<string, Value>>;

    constructor(file: string) {
        super();
        this.file = new StateFile(file);
        for (const [key, value] of Object.entries(this.file.read({}))) super.set(key, value);
    }

    override set(key: string, value: Value): this {
        super.set(key, value);
        this.save();
        return this;
    }

    override delete(key: string): boolean {
        const isDeleted = super.delete(key);
        if (isDeleted) this.save();
        return isDeleted;
    }

    private save(): void {
        this.file.write(Object.fromEntries(this));
    }
}
