import { parse } from "@cdktf/hcl2json";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { expect, test } from "vitest";
import { type ClientName, clientSettings } from "./client-settings.ts";

const connection = {
  endpoint: "https://s3.example.com:8443",
  region: "sa-east-1",
  accessKeyId: "BLD00000000000000000",
  secretAccessKey: "secret",
  bucket: "fotos",
};

function settingsOf(client: ClientName, changed: Partial<typeof connection> = {}) {
  const settings = clientSettings({ ...connection, ...changed }, "SEU_BUCKET");
  const found = settings.find((entry) => entry.client === client);
  if (!found) throw new Error(`no settings for ${client}`);
  return found;
}

function codeOf(client: ClientName, changed: Partial<typeof connection> = {}, file = 0): string {
  return settingsOf(client, changed).files[file]?.code ?? "";
}

test("each client gets endpoint, region, key and secret", () => {
  for (const { client, files, fields } of clientSettings(connection, "SEU_BUCKET")) {
    const all = [...files.map(({ code }) => code), ...fields.map(({ value }) => value)].join("\n");
    for (const value of ["s3.example.com", "8443", "sa-east-1", connection.accessKeyId, "secret"]) {
      expect([client, all]).toEqual([client, expect.stringContaining(value)]);
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
  expect(codeOf("s3cmd", { endpoint: "http://127.0.0.1:9000" })).toContain("use_https = False");
});

test("Terraform's files are HCL, and say what its provider and its backend ask for", async () => {
  const [provider] = (await parse("balde.tf", codeOf("terraform"))).provider.aws;
  expect(provider).toMatchObject({
    region: "sa-east-1",
    access_key: connection.accessKeyId,
    secret_key: "secret",
    s3_use_path_style: true,
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    skip_region_validation: true,
    skip_requesting_account_id: true,
    endpoints: [{ s3: "https://s3.example.com:8443" }],
  });
  const [terraform] = (await parse("backend.tf", codeOf("terraform", {}, 1))).terraform;
  expect(terraform.backend.s3[0]).toMatchObject({
    bucket: "fotos",
    use_path_style: true,
    endpoints: { s3: "https://s3.example.com:8443" },
  });
  await expect(parse("balde.tf", codeOf("terraform").replace("}", ""))).rejects.toThrow("Unclosed");
});

test("Cyberduck's profile is a property list, with the port that the address implies", () => {
  const portOf = (endpoint: string) => {
    const code = codeOf("cyberduck", { endpoint });
    expect(XMLValidator.validate(code)).toBe(true);
    const { dict } = new XMLParser({ preserveOrder: false }).parse(code).plist;
    const [, , description, scheme, host, port] = dict.string;
    expect(dict.key).toHaveLength(12);
    return { description, scheme, host, port };
  };
  expect(portOf("https://s3.example.com")).toEqual({
    description: "Balde (s3.example.com)",
    scheme: "https",
    host: "s3.example.com",
    port: 443,
  });
  expect(portOf("http://10.0.0.7:9000")).toMatchObject({ scheme: "http", host: "10.0.0.7", port: 9000 });
  expect(portOf("http://s3.example.com")).toMatchObject({ port: 80 });
});

test("where no bucket is reached yet, a placeholder stands for it", () => {
  const nowhere = clientSettings({ ...connection, bucket: null }, "SEU_BUCKET");
  expect(nowhere.find(({ client }) => client === "aws")?.commands.join()).toContain("s3://SEU_BUCKET");
  expect(settingsOf("aws").commands.join()).toContain("s3://fotos");
});
