import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../local/paths";

interface Service {
    image: string;
    env_file: string;
    environment: Record<string, string>;
    ports?: string[];
    networks: string[];
    restart: string;
    read_only?: boolean;
    cap_drop?: string[];
    healthcheck: { test: string[] };
    deploy: { resources: { limits: Record<string, string | number> } };
}

const text = fs.readFileSync(path.join(projectRoot, "app/docker-compose.prod.yml"), "utf8");
const { services, networks } = parse(text, { merge: true }) as {
    services: Record<string, Service>;
    networks: Record<string, { internal?: boolean } | null>;
};

describe("docker-compose.prod.yml", () => {
    it("runs the image that IMAGE_URI names, and does not start without it", () => {
        assert.deepEqual(Object.keys(services), ["go", "mysql"]);
        assert.match(services.go?.image ?? "", /^\$\{IMAGE_URI:\?[^}]+\}$/);
    });

    it("takes passwords only from the file that SECRETS_FILE names", () => {
        for (const service of Object.values(services)) {
            assert.match(service.env_file, /^\$\{SECRETS_FILE:\?[^}]+\}$/);
            assert.deepEqual(
                Object.keys(service.environment).filter((name) => /PASSWORD$/.test(name)),
                service === services.mysql ? ["MYSQL_RANDOM_ROOT_PASSWORD"] : [],
            );
        }
    });

    it("lets nobody but the application reach the database", () => {
        assert.equal(services.mysql?.ports, undefined);
        assert.deepEqual(services.mysql?.networks, ["database"]);
        assert.deepEqual(networks.database, { internal: true });
    });

    it("restarts, checks and bounds every service", () => {
        for (const [name, service] of Object.entries(services)) {
            assert.equal(service.restart, "unless-stopped", name);
            assert.equal(service.healthcheck.test[0], "CMD", name);
            assert.deepEqual(Object.keys(service.deploy.resources.limits), ["cpus", "memory", "pids"], name);
        }
    });

    it("gives the application neither capabilities nor a writable file system", () => {
        assert.deepEqual([services.go?.cap_drop, services.go?.read_only], [["ALL"], true]);
    });
});
