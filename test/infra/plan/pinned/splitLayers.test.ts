import assert from "node:assert/strict";
import * as path from "node:path";
import { pinnedStageWarnings, pinStages } from "../../../../infra/plan/pinned/pinnedStages";
import { layerNames, splitScript } from "../../../../infra/plan/pinned/splitScript";
import { temporaryFolder, writeTree } from "../../temporaryFolder";
import { pinnedSource } from "./pinnedSource";

const dockerfile = `ARG BASE_REGISTRY
FROM --platform=$TARGETPLATFORM \${BASE_REGISTRY}/python AS deps
ARG EXTRA
ENV PLACE=/srv/packages \\
    EXTRA=$EXTRA
WORKDIR /srv
COPY requirements.txt ./
RUN pip install --target $PLACE -r requirements.txt
USER nobody
LABEL kind=app
ENTRYPOINT ["python"]
FROM deps
ARG EXTRA
COPY --link app/ /app/
`;

describe("a pinned stage with folders of packages", () => {
    const folder = temporaryFolder();
    const pin = (layers?: string[], text = dockerfile) => {
        const files = { Dockerfile: text, "requirements.txt": "1", "app/main.py": "1" };
        const context = writeTree(path.join(folder.path, "context"), files);
        return pinStages(pinnedSource(context, { pinnedStages: [{ name: "deps", layers }] }))[0]!;
    };

    it("ends in one copy for each layer, on the stage's own base and with its settings", () => {
        const plain = pin();
        const { dockerfile: text, target } = pin(["/srv/packages", "/srv/bin"]);
        const [rest, ...packages] = layerNames.map((layer) => `COPY --link --from=deps.parts /.layers/${layer}/ /`);
        assert.equal(target, "deps.layers");
        assert.ok(text.startsWith(plain.dockerfile), text);
        assert.deepEqual(text.slice(plain.dockerfile.length).replace(splitScript, "the script").split("\n"), [
            "",
            "FROM scratch AS deps.script",
            'COPY <<"SCRIPT" /split.sh',
            "the script",
            "SCRIPT",
            "FROM --platform=$TARGETPLATFORM ${BASE_REGISTRY}/python AS deps.base",
            "FROM deps AS deps.parts",
            "USER 0",
            "RUN --mount=type=bind,from=deps.base,target=/.base --mount=type=bind,from=deps,target=/.stage " +
                '--mount=type=bind,from=deps.script,target=/.script ["/bin/sh","/.script/split.sh","/srv/packages","/srv/bin"]',
            "FROM deps.base AS deps.layers",
            rest,
            "ARG EXTRA",
            "ENV PLACE=/srv/packages \\",
            "    EXTRA=$EXTRA",
            "WORKDIR /srv",
            "USER nobody",
            "LABEL kind=app",
            'ENTRYPOINT ["python"]',
            ...packages,
            "",
        ]);
    });

    it("says that an image which copies from it gets none of the layers", () => {
        const warning =
            'The layers of the pinned stage "deps" are not the image\'s, which copies from it; begin the image with FROM deps.';
        const copying = dockerfile.replace("FROM deps\n", "FROM scratch\nCOPY --from=deps /srv /srv\n");
        const through = dockerfile.replace("FROM deps\n", "FROM deps AS more\nUSER root\nFROM more\n");
        assert.deepEqual(pinnedStageWarnings(pin(["/srv/packages"], copying)), [warning]);
        assert.deepEqual(pinnedStageWarnings(pin(["/srv/packages"], through)), []);
        assert.deepEqual(pinnedStageWarnings(pin(undefined, copying)), []);
    });

    it("is another image than without them, or with other folders", () => {
        const stages = [pin(), pin(["/srv/packages"]), pin(["/srv/packages", "/srv/bin"])];
        assert.equal(new Set(stages.map(({ tag }) => tag)).size, 3);
        assert.equal(new Set(stages.map(({ recipe }) => recipe)).size, 3);
    });
});
