import { randomBytes, randomInt } from "node:crypto";
import { z } from "zod";
import { readJsonFile, writeJsonFile } from "../../machine/jsonFile";
import type { WorldLayout } from "./layout";

const administratorSchema = z.object({ accessKeyId: z.string().min(16), secretAccessKey: z.string().min(32) });

/** Access key of the emulated account's administrator. */
export type Administrator = z.infer<typeof administratorSchema>;

/** Characters after the prefix of an access key id (base 32, as in AWS's). */
const keyIdCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Reads the administrator of this world; makes a random one when it has none yet. */
export async function ensureAdministrator(layout: WorldLayout): Promise<Administrator> {
    const known = await readJsonFile(layout.administrator, administratorSchema);
    if (known) return known;
    const characters = Array.from({ length: 16 }, () => keyIdCharacters[randomInt(keyIdCharacters.length)]);
    const administrator = {
        accessKeyId: `AKIA${characters.join("")}`,
        secretAccessKey: randomBytes(30).toString("base64"),
    };
    await writeJsonFile(layout.administrator, administrator);
    return administrator;
}
