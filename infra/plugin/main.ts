import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as library from "../components";
import { componentProvider } from "./componentProvider";

const schema = fs.readFileSync(path.resolve(__dirname, "../../schema.json"), "utf8");
void pulumi.provider.main(componentProvider(schema, library), process.argv.slice(2));
