import type { RuleCase } from "./ruleCase";

/** Cases of the rules about inputs of a build, by rule. */
export const inputCases: Record<string, RuleCase[]> = {
    "missing-dockerignore": [
        {
            title: "a copy of everything without an ignore file",
            lines: ["FROM scratch", "COPY ./ /"],
            isBare: true,
            findings: ["2: missing-dockerignore"],
        },
        {
            title: "a mount of everything with .git in it",
            lines: [
                "FROM golang:1.26 AS b",
                "RUN --mount=target=/src x && touch -d @0 /y",
                "FROM scratch",
                "COPY --from=b /y /",
            ],
            sendsGit: true,
            findings: ["2: missing-dockerignore"],
        },
        { title: "nothing: with an ignore file", lines: ["FROM scratch", "COPY . /"] },
        { title: "nothing: only a folder is copied", lines: ["FROM scratch", "COPY app/ /"], isBare: true },
    ],
    "changing-argument-early": [
        {
            title: "an argument or variable above a RUN",
            lines: ["FROM alpine:3.22", "ARG BASE GIT_COMMIT=none", "ENV CI_COMMIT_SHA=$GIT_COMMIT", "RUN true"],
            findings: ["2: changing-argument-early", "3: changing-argument-early"],
        },
        {
            title: "nothing: below the last RUN",
            lines: ["FROM alpine:3.22", "RUN true", "ARG GIT_COMMIT", "LABEL a=$GIT_COMMIT"],
        },
        { title: "nothing: a version", lines: ["FROM alpine:3.22", "ARG NODE_VERSION=22 YARN_SHA256", "RUN true"] },
    ],
    "unpinned-base": [
        {
            title: "no version, latest, and an image that is copied from",
            lines: [
                "FROM localhost:5000/python AS a",
                "FROM alpine:latest",
                "COPY --from=ghcr.io/astral-sh/uv /uv /",
                "COPY --from=a / /",
            ],
            findings: ["1: unpinned-base", "2: unpinned-base", "3: unpinned-base"],
        },
        {
            title: "no version, through arguments",
            lines: ["ARG TAG=latest", "ARG REGISTRY", "FROM $REGISTRY/python:${TAG}"],
            findings: ["3: unpinned-base"],
        },
        {
            title: "nothing: the argument has another value",
            lines: ["ARG TAG=latest", "FROM python:${TAG}"],
            buildArgs: { TAG: "3.12" },
        },
        {
            title: "nothing: versions, digests, stages, unknown values, an argument's fallback",
            lines: [
                ...[
                    "ARG IMAGE",
                    "FROM python:3.12 AS Base",
                    `FROM python@sha256:${"0".repeat(64)} AS two`,
                    "FROM $IMAGE AS three",
                ],
                ...[
                    "FROM python:${TAG:-3.12} AS four",
                    "FROM base",
                    "COPY --from=two / /two",
                    "COPY --from=three / /three",
                ],
                "COPY --from=four / /four",
            ],
        },
        {
            title: "nothing: a stage that the target does not need",
            lines: ["FROM python AS test", "FROM python:3.12 AS app", "FROM python"],
            target: "App",
        },
    ],
    "output-with-current-time": [
        {
            title: "a result of code with the time of its build",
            lines: [
                "FROM golang:1.26 AS build",
                "COPY . .",
                "RUN go build -o /api .",
                "FROM scratch",
                "COPY --link --from=build /api /",
            ],
            findings: ["3: output-with-current-time"],
        },
        {
            title: "nothing: a fixed time, set by find",
            lines: [
                ...[
                    "FROM node:22 AS build",
                    "COPY src /src",
                    "RUN npm run build && find /dist -exec touch -h -d @0 {} +",
                ],
                ...["FROM scratch", "COPY --link --from=build /dist /"],
            ],
        },
        {
            title: "nothing: dependencies, which only change when their list does",
            lines: [
                "FROM node:22 AS deps",
                "COPY package.json .",
                "RUN npm ci",
                "FROM scratch",
                "COPY --from=deps /n /n",
            ],
        },
    ],
    "pip-cache-mount-unused": [
        {
            title: "no cache, by flag",
            lines: [
                "FROM python:3.12",
                "RUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir flask",
            ],
            findings: ["2: pip-cache-mount-unused"],
        },
        {
            title: "no cache, by a variable of a stage below",
            lines: [
                ...["FROM python:3.12 AS base", "ENV PIP_NO_CACHE_DIR=1", "FROM base"],
                "RUN --mount=type=cache,dst=/root/.cache python -m pip install flask",
            ],
            findings: ["4: pip-cache-mount-unused"],
        },
        {
            title: "nothing: no mount, the mount of another program, a variable that says no",
            lines: [
                ...["FROM python:3.12", "ENV PIP_NO_CACHE_DIR=0", "RUN pip install --no-cache-dir flask"],
                "RUN --mount=type=cache,target=/var/lib/apt pip install --no-cache-dir flask",
                "RUN --mount=type=cache,target=/root/.cache/pip pip install flask",
            ],
        },
    ],
    "apt-cache-mount-emptied": [
        {
            title: "packages deleted by the image",
            lines: [
                "FROM debian:12",
                "RUN --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y gcc",
            ],
            findings: ["2: apt-cache-mount-emptied"],
        },
        {
            title: "packages deleted by the step",
            lines: [
                ...["FROM debian:12", "RUN rm -f /etc/apt/apt.conf.d/docker-clean"],
                "RUN --mount=type=cache,target=/var/cache/apt apt-get install -y gcc && apt-get clean",
                "RUN --mount=type=cache,target=/var/cache/apt apt-get install -y gcc && rm -rf /var/cache/apt/*",
            ],
            findings: ["3: apt-cache-mount-emptied", "4: apt-cache-mount-emptied"],
        },
        {
            title: "nothing: packages are kept, from a stage below on",
            lines: [
                ...["FROM debian:12 AS base", "RUN rm -f /etc/apt/apt.conf.d/docker-clean", "FROM base"],
                "RUN --mount=type=cache,target=/var/cache/apt apt-get install -y gcc",
            ],
        },
    ],
    "secret-in-arguments": [
        {
            title: "arguments and variables by their names, in every stage of the image",
            lines: [
                ...["FROM alpine:3.22 AS a", "ARG NPM_TOKEN", "FROM alpine:3.22", "ENV A=1 DB_PASSWORD=x"],
                "COPY --from=a /x /x",
            ],
            findings: ["2: secret-in-arguments", "4: secret-in-arguments"],
        },
        {
            title: "nothing: paths and identifiers of secrets, other words",
            lines: ["FROM alpine:3.22", "ENV DB_PASSWORD_FILE=/run/x SECRET_ID=app PUBLIC_KEY=a MONKEY=b TOKENIZERS=1"],
        },
    ],
};
