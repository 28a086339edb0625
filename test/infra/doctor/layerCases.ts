import type { RuleCase } from "./ruleCase";

/** Cases of the rules about the order of layers, by rule. */
export const layerCases: Record<string, RuleCase[]> = {
    "dependencies-after-code": [
        {
            title: "an installation after a copy of everything",
            lines: ["FROM node:22", "COPY --link . /app/", "RUN cd /app && npm ci"],
            findings: ["3: dependencies-after-code"],
        },
        {
            title: "after a copy of a folder, in a stage of its own, by python -m pip",
            lines: [
                "FROM python:3.12 AS build",
                "COPY src /src",
                "RUN python3 -m pip install -r /src/r.txt",
                "FROM scratch",
            ],
        },
        {
            title: "the same where the image is made from that stage",
            lines: [
                ...[
                    "FROM python:3.12 AS build",
                    "COPY src /src",
                    "RUN python3 -m pip install -r /src/r.txt && touch -d @0 /x",
                ],
                ...["FROM scratch", "COPY --link --from=build /x /x"],
            ],
            findings: ["3: dependencies-after-code"],
        },
        {
            title: "in a stage that continues one with code",
            lines: ["FROM golang:1.26 AS code", "COPY --link main.go .", "FROM code", 'RUN ["go", "mod", "download"]'],
            findings: ["4: dependencies-after-code"],
        },
        {
            title: "that sees the whole context through a mount",
            lines: ["FROM node:22", "RUN --mount=type=bind,target=/src cd /src; npm ci"],
            findings: ["2: dependencies-after-code"],
        },
        {
            title: "in a here-document",
            lines: ["FROM ruby:3.4", "COPY --link . /app/", "RUN <<EOF", "cd /app", "bundle install", "EOF"],
            findings: ["3: dependencies-after-code"],
        },
        {
            title: "nothing: lists of dependencies first",
            lines: ["FROM node:22", "COPY package*.json ./", "RUN npm ci", "COPY --link . /app/"],
        },
        {
            title: "nothing: a folder of settings, and setup.py, before the installation",
            lines: ["FROM maven:3.9", "COPY .mvn/ .mvn/", "COPY setup.py pyproject.toml ./", "RUN pip install ."],
        },
    ],
    "run-after-code": [
        {
            title: "a RUN above the code",
            lines: ["FROM python:3.12", "COPY --link app/ /app/", "RUN chown -R app /app"],
            findings: ["3: run-after-code"],
        },
        {
            title: "a RUN in the image that reads the code",
            lines: ["FROM golang:1.26", "RUN --mount=target=. go build -o /api ."],
            findings: ["2: run-after-code"],
        },
        {
            title: "a RUN after the result of a stage",
            lines: [
                ...["FROM golang:1.26 AS build", "COPY . .", "RUN go build -o /api . && touch -d @0 /api"],
                ...["FROM alpine:3.22", "COPY --link --from=0 /api /api", "RUN chmod 755 /api"],
            ],
            findings: ["5: linked-copy-of-stage", "6: run-after-code"],
        },
        {
            title: "nothing: the compiler's own stage",
            lines: [
                ...["FROM golang:1.26 AS build", "COPY . .", "RUN go build -o /api . && touch -d @0 /api"],
                ...["FROM alpine:3.22", "COPY --link --from=build /api /api", 'ENTRYPOINT ["/api"]'],
            ],
        },
    ],
    "workdir-after-code": [
        {
            title: "a WORKDIR above the code",
            lines: ["FROM python:3.12", "COPY --link app/ /app/", "WORKDIR /app"],
            findings: ["3: workdir-after-code"],
        },
        { title: "nothing: one below", lines: ["FROM python:3.12", "WORKDIR /app", "COPY --link app/ ."] },
    ],
    "plain-copy-of-code": [
        {
            title: "code without --link, and a file above it",
            lines: ["FROM python:3.12", "COPY app/ /app/", "ADD nginx.conf /etc/", "COPY --link=false app/x.py /"],
            findings: ["2: plain-copy-of-code", "3: plain-copy-of-code", "4: plain-copy-of-code"],
        },
        { title: "nothing: onto an empty image", lines: ["FROM scratch", "COPY app/ /app/"] },
        {
            title: "a second one onto an empty image",
            lines: ["FROM scratch", "COPY app/ /app/", "COPY src/ /src/"],
            findings: ["3: plain-copy-of-code"],
        },
        {
            title: "nothing: files that are no code, and a text of the Dockerfile's own",
            lines: ["FROM python:3.12", "COPY requirements.txt LICENSE /", "COPY <<EOF /etc/motd", "app/", "EOF"],
        },
        { title: "nothing: a download", lines: ["FROM alpine:3.22", "ADD https://example.com/x.py /"] },
    ],
    "chmod-of-code": [
        {
            title: "code with modes",
            lines: ["FROM python:3.12", "COPY --link --chmod=755 app/ /app/"],
            findings: ["2: chmod-of-code"],
        },
        { title: "nothing: onto an empty image", lines: ["FROM scratch", "COPY --link --chmod=755 app/ /app/"] },
        {
            title: "nothing: below the code",
            lines: ["FROM python:3.12", "COPY --chmod=755 tool /bin/", "COPY --link app/ /app/"],
        },
    ],
    "linked-copy-of-stage": [
        {
            title: "dependencies of a stage, above a folder",
            lines: [
                ...["FROM python:3.12 AS deps", "RUN pip install flask", "FROM python:3.12", "WORKDIR /app"],
                ...["COPY --link --from=deps /venv /venv", "COPY --link app/ ."],
            ],
            findings: ["5: linked-copy-of-stage"],
        },
        {
            title: "of a stage with another base",
            lines: [
                "FROM python:3.12 AS deps",
                "RUN pip install flask",
                "FROM debian:12",
                "COPY --link --from=0 /venv /venv",
            ],
            findings: ["4: linked-copy-of-stage"],
        },
        {
            title: "nothing: directly above the base that the stage has read as well",
            lines: [
                "FROM python:3.12 AS deps",
                "RUN pip install flask",
                "FROM python:3.12",
                "COPY --link --from=deps /v /v",
            ],
        },
        {
            title: "nothing: without --link",
            lines: [
                ...["FROM python:3.12 AS deps", "RUN pip install flask", "FROM python:3.12", "WORKDIR /app"],
                ...["COPY --from=deps /venv /venv", "COPY --link app/ ."],
            ],
        },
        {
            title: "nothing: from an image, and from a stage that adds nothing to one",
            lines: [
                ...["FROM ghcr.io/astral-sh/uv:0.9 AS uv", "FROM python:3.12"],
                ...["COPY --link --from=uv /uv /bin/", "COPY --link --from=ghcr.io/astral-sh/uv:0.9 /uvx /bin/"],
            ],
        },
    ],
    "packages-in-one-layer": [
        {
            title: "an installation by npm in the stage that the image begins with",
            lines: [
                "FROM node:22 AS deps",
                "COPY package*.json ./",
                "RUN npm ci",
                "FROM deps",
                "COPY --link app/ /app/",
            ],
            findings: ["3: packages-in-one-layer"],
        },
        {
            title: "by pip in a stage further below, and by uv",
            lines: [
                ...["FROM python:3.12 AS deps", "RUN python -m pip install flask", "FROM deps AS more"],
                ...["RUN uv pip install numpy", "FROM more", "COPY --link app/ /app/"],
            ],
            findings: ["2: packages-in-one-layer", "4: packages-in-one-layer"],
        },
        {
            title: "nothing: a stage that has layers",
            lines: ["FROM python:3.12 AS deps", "RUN pip install flask", "FROM deps", "COPY --link app/ /app/"],
            layeredStages: ["deps"],
        },
        {
            title: "only the stage without layers",
            lines: [
                ...[
                    "FROM python:3.12 AS tools",
                    "RUN pip install build",
                    "FROM tools AS deps",
                    "RUN pip install flask",
                ],
                ...["FROM deps", "COPY --link app/ /app/"],
            ],
            layeredStages: ["deps"],
            findings: ["2: packages-in-one-layer"],
        },
        {
            title: "nothing: a stage that the image copies from, and the image's own step",
            lines: [
                ...[
                    "FROM node:22 AS deps",
                    "RUN npm ci",
                    "FROM node:22",
                    "COPY --from=deps /node_modules /node_modules",
                ],
                ...["RUN pip install flask", "COPY --link app/ /app/"],
            ],
        },
        {
            title: "nothing: packages of the system, and compiled ones",
            lines: [
                ...["FROM golang:1.26 AS deps", "RUN apt-get install -y git && go mod download"],
                ...["FROM deps", "COPY --link app/ /app/"],
            ],
        },
    ],
};
