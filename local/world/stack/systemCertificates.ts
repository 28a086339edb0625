/** Certificates that the machine trusts, where Debian and its relatives keep them. */
export const systemCertificates = "/etc/ssl/certs/ca-certificates.crt";
