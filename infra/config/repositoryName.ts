import { z } from "zod";

/**
 * Schema of a repository's name, by the rule of ECR's API model.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
 */
export const repositoryName = z
    .string()
    .regex(
        /^(?=.{2,256}$)[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/,
        "2 to 256 lower-case letters and digits, with . _ __ - or / between them",
    );
