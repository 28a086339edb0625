/** Names the SSM document by which deploys run on instances. */
export function deployDocumentName({ application, environment }: { application: string; environment: string }): string {
    return `${application}-${environment}-deploy`;
}
