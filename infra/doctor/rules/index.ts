import type { Rule } from "../rule";
import { aptCacheMountEmptied } from "./aptCacheMountEmptied";
import { changingArgumentEarly } from "./changingArgumentEarly";
import { chmodOfCode } from "./chmodOfCode";
import { dependenciesAfterCode } from "./dependenciesAfterCode";
import { linkedCopyOfStage } from "./linkedCopyOfStage";
import { missingDockerignore } from "./missingDockerignore";
import { outputWithCurrentTime } from "./outputWithCurrentTime";
import { packagesInOneLayer } from "./packagesInOneLayer";
import { pipCacheMountUnused } from "./pipCacheMountUnused";
import { plainCopyOfCode } from "./plainCopyOfCode";
import { runAfterCode } from "./runAfterCode";
import { secretInArguments } from "./secretInArguments";
import { unpinnedBase } from "./unpinnedBase";
import { workdirAfterCode } from "./workdirAfterCode";

/** List of all rules of the doctor. */
export const rules: Rule[] = [
    dependenciesAfterCode,
    runAfterCode,
    workdirAfterCode,
    plainCopyOfCode,
    chmodOfCode,
    linkedCopyOfStage,
    packagesInOneLayer,
    missingDockerignore,
    changingArgumentEarly,
    unpinnedBase,
    outputWithCurrentTime,
    pipCacheMountUnused,
    aptCacheMountEmptied,
    secretInArguments,
];
