import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { generate } from "selfsigned";

/** TLS certificate of the gateway, with its key. */
export interface Certificate {
    /** Private key (PEM). */
    key: string;
    /** Certificate (PEM); clients that trust it reach the gateway by https. */
    cert: string;
}

/** Validity of a certificate in days; its world rarely outlives a day. */
const validDays = 365;

/** Name of the certificate's file (PEM) in the gateway's state folder, from which clients take the certificate to trust. */
const certificateFile = "gateway.crt";

/**
 * Reads the certificate of a state folder, or makes a new self-signed one for 127.0.0.1 when none is valid. One file holds it with its key,
 * readable by its owner alone; another is for clients, see {@link certificateFile}.
 */
export async function ensureCertificate(stateDirectory: string): Promise<Certificate> {
    const file = path.join(stateDirectory, "certificate.json");
    const existing = read(file);
    if (existing !== undefined) return existing;
    const notAfterDate = new Date(Date.now() + validDays * 24 * 60 * 60 * 1000);
    const { private: key, cert } = await generate([{ name: "commonName", value: "127.0.0.1" }], {
        keyType: "ec",
        curve: "P-256",
        algorithm: "sha256",
        notAfterDate,
        extensions: [
            { name: "basicConstraints", cA: true, critical: true },
            { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
            { name: "extKeyUsage", serverAuth: true },
            { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
        ],
    });
    fs.writeFileSync(path.join(stateDirectory, certificateFile), cert);
    fs.writeFileSync(file, JSON.stringify({ key, cert }), { mode: 0o600 });
    return { key, cert };
}

function read(file: string): Certificate | undefined {
    if (!fs.existsSync(file)) return undefined;
    const certificate = JSON.parse(fs.readFileSync(file, "utf8")) as Certificate;
    return Date.parse(new X509Certificate(certificate.cert).validTo) > Date.now() ? certificate : undefined;
}
