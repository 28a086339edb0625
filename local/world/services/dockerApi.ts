import * as http from "node:http";

/** Time limit of an answer in milliseconds. */
const timeout = 30_000;

/**
 * Sends a request to the Engine API of a Docker daemon.
 *
 * @returns the body of a successful answer; undefined when nobody listens on the socket
 * @throws Error when the daemon refuses the request
 * @see https://docs.docker.com/reference/api/engine/
 */
export function dockerRequest(socketPath: string, method: string, path: string): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
        const request = http.request({ socketPath, method, path, timeout }, (response) => {
            let body = "";
            response.setEncoding("utf8").on("data", (text: string) => (body += text));
            response.on("end", () => {
                if ((response.statusCode ?? 500) < 300) resolve(body);
                else reject(new Error(`Docker answers ${method} ${path} with ${response.statusCode}: ${body.trim()}`));
            });
        });
        request.on("timeout", () => request.destroy(new Error(`Docker does not answer ${method} ${path}.`)));
        request.on("error", (error: NodeJS.ErrnoException) => {
            if (["ENOENT", "ECONNREFUSED"].includes(error.code ?? "")) resolve(undefined);
            else reject(error);
        });
        request.end();
    });
}

/** Removes all containers, their volumes and networks; a daemon that does not run has none. */
export async function removeContainers(socketPath: string): Promise<void> {
    const list = await dockerRequest(socketPath, "GET", "/containers/json?all=true");
    if (list === undefined) return;
    for (const { Id } of JSON.parse(list) as { Id: string }[]) {
        await dockerRequest(socketPath, "DELETE", `/containers/${Id}?force=true&v=true`);
    }
    await dockerRequest(socketPath, "POST", "/networks/prune");
}
