import { expect, test } from "vitest";
import { clientSettings } from "./client-settings.ts";

const connection = {
  endpoint: "https://s3.example.com:8443",
  region: "sa-east-1",
  accessKeyId: "BLD00000000000000000",
  secretAccessKey: "secret",
};

function codeOf(client: string, endpoint = connection.endpoint): string {
  const settings = clientSettings({ ...connection, endpoint }).find((entry) => entry.client === client);
  return settings?.code ?? "";
}

test("each client gets endpoint, region, key and secret", () => {
  for (const { code, client } of clientSettings(connection)) {
    for (const value of ["s3.example.com:8443", "sa-east-1", connection.accessKeyId, "secret"]) {
      expect([client, code]).toEqual([client, expect.stringContaining(value)]);
    }
  }
});

test("all of them use path style, in their own words", () => {
  expect(codeOf("aws")).toContain("addressing_style = path");
  expect(codeOf("boto3")).toContain(`signature_version="s3v4", s3={"addressing_style": "path"}`);
  expect(codeOf("rclone")).toContain("provider = Other");
  expect(codeOf("rclone")).toContain("force_path_style = true");
  expect(codeOf("s3cmd")).toContain("host_base = s3.example.com:8443\nhost_bucket = s3.example.com:8443\n");
});

test("s3cmd is told apart from the address whether to use TLS", () => {
  expect(codeOf("s3cmd")).toContain("use_https = True");
  expect(codeOf("s3cmd", "http://127.0.0.1:9000")).toContain("use_https = False");
});
