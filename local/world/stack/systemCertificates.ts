/** Certificates that the machine trusts, at the path of Debian and its relatives. */
export const systemCertificates = "/etc/ssl/certs/ca-certificates.crt";
