import assert from "node:assert/strict";
import { digestOf, manifestType, type RegistryClient } from "../local/aws/gateway/registry/registryClient";
import { repositoryName } from "./deployWorld";

/** Pushes an image with a layer to dev's repository, with a content tag unless it is called untagged; returns its digest. */
export async function pushRealImage(registry: RegistryClient, name: string): Promise<string> {
    const [config, layer] = [`{"os":"linux","architecture":"amd64","author":"${name}"}`, `layer of ${name}`];
    for (const blob of [config, layer]) await registry.pushBlob(repositoryName, Buffer.from(blob));
    const part = (mediaType: string, content: string) => ({
        mediaType,
        digest: digestOf(content),
        size: content.length,
    });
    const manifest = JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: part("application/vnd.oci.image.config.v1+json", config),
        layers: [part("application/vnd.oci.image.layer.v1.tar", layer)],
    });
    const tag = name === "untagged" ? digestOf(manifest) : `src-${name}`;
    const { status } = await registry.putManifest(repositoryName, tag, manifest);
    assert.equal(status, 201);
    return digestOf(manifest);
}
