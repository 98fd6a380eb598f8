import { expect, test } from "vitest";
import { readConfig } from "./config.ts";

const given = {
  EMBEDDED_S3_DATABASE_URL: "postgresql://balde_s3:pw@127.0.0.1:54320/balde_s3",
  STORAGE_ADMIN_ACCESS_KEY: "ADMIN",
  STORAGE_ADMIN_SECRET_KEY: "a-secret-that-is-long-enough",
};

test("the defaults", () => {
  expect(readConfig({ ...given, EMBEDDED_S3_PORT: "", STORAGE_REGION: "" })).toEqual({
    databaseUrl: given.EMBEDDED_S3_DATABASE_URL,
    host: "127.0.0.1",
    port: 9000,
    dataDirectory: ".data",
    region: "us-east-1",
    admin: { accessKeyId: "ADMIN", secretAccessKey: "a-secret-that-is-long-enough" },
    lifecycleDayMs: 86_400_000,
    logLevel: "info",
  });
});

test.each([
  ["EMBEDDED_S3_DATABASE_URL", undefined],
  ["EMBEDDED_S3_DATABASE_URL", "mysql://x"],
  ["EMBEDDED_S3_PORT", "http"],
  ["EMBEDDED_S3_PORT", "65536"],
  ["STORAGE_REGION", "São Paulo"],
  ["STORAGE_ADMIN_ACCESS_KEY", undefined],
  ["STORAGE_ADMIN_ACCESS_KEY", "a b c"],
  ["STORAGE_ADMIN_SECRET_KEY", "tooShort-x"],
  ["EMBEDDED_S3_LIFECYCLE_DAY_SECONDS", "0"],
  ["LOG_LEVEL", "loud"],
])("%s=%s stops the start with its name, and never with its value", (name, value) => {
  const read = () => readConfig({ ...given, [name]: value });
  expect(read).toThrow(new RegExp(`^${name}: .+`));
  if (value !== undefined && value !== "http") expect(read).not.toThrow(value);
});

test("every bad variable is named", () => {
  expect(() => readConfig({})).toThrow(/EMBEDDED_S3_DATABASE_URL: .*\n.*ACCESS_KEY: .*\n.*SECRET_KEY: /);
});
