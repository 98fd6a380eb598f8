import { HeadBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { installation, operatorLink } from "#tests/support/installation.ts";
import { codeOf } from "#tests/support/second-factor.ts";
import { openTextBrowser } from "#tests/support/text-browser.ts";
import { expect, test } from "./journey.ts";
import { linkInMailTo } from "./mailbox.ts";

/** The main job in lynx: no scripts, no styles, no Origin header; the forms' token stands in for it. */
test("main job in a text browser", async () => {
  const balde = installation("text-browser");
  const operator = await openTextBrowser("en");
  const tenant = await openTextBrowser("en");
  const account = `${balde.console}/accounts/bia-ltda`;

  await test.step("the first operator", async () => {
    const values = { "Your name": "Ana", "E-mail": "ana@example.com", Password: "who minds the house is me" };
    const offered = await operator.submit(await operatorLink("text-browser"), values, "Create operator");
    expect(offered).toContain("Who works for the provider signs in with two-step verification");
    const secret = /^\s*((?:[A-Z2-7]{4} ?){8})$/m.exec(offered)?.[1] ?? "";
    const page = `${balde.console}/me/security/second-factor/new?returnTo=%2Fadmin`;
    const shown = await operator.submit(page, { "3. Code from the app": codeOf(secret) }, "Turn on");
    expect(shown.match(/\b([A-Z2-7]{4}-){3}[A-Z2-7]{4}\b/g)).toHaveLength(10);
    expect(await operator.read(`${balde.console}/admin`)).toContain("Waiting for approval");
  });

  await test.step("sign-up, confirmation, sign-in", async () => {
    const credentials = { "E-mail": "bia@example.com", Password: "my long password 123" };
    const values = {
      "Your name": "Bia",
      ...credentials,
      "Account name": "Bia Ltda",
      "CPF or CNPJ": "111.444.777-34",
    };
    const refused = await tenant.submit(`${balde.console}/signup`, values, "Create account");
    expect(refused).toContain("There is a problem");
    const corrected = { ...values, "CPF or CNPJ": "111.444.777-35" };
    expect(await tenant.submit(`${balde.console}/signup`, corrected, "Create account")).toContain(
      "Check your e-mail",
    );
    const link = await linkInMailTo(balde.mailbox, "bia@example.com", balde.console);
    expect(await tenant.submit(link, { Password: credentials.Password }, "Confirm")).toContain(
      "Your e-mail is confirmed",
    );
    expect(await tenant.submit(`${balde.console}/accounts`, {}, "Sign out")).toContain("Create an account");
    expect(await tenant.submit(`${balde.console}/login`, credentials, "Sign in")).toContain("Bia Ltda");
    expect(await tenant.read(account)).toContain("This account is waiting for approval");
  });

  await test.step("approval", async () => {
    expect(await operator.read(`${balde.console}/admin/accounts?state=pending`)).toContain("Bia Ltda");
    const approval = `${balde.console}/admin/accounts/bia-ltda/approval`;
    expect(await operator.submit(approval, {}, "Approve account")).toContain("The account is approved");
    await expect.poll(() => tenant.read(account)).not.toContain("being prepared");
  });

  await test.step("bucket, key, object, usage, revocation", async () => {
    const made = await tenant.submit(
      `${account}/buckets/new`,
      { "Bucket name": "from-lynx" },
      "Create bucket",
    );
    expect(made).toContain("from-lynx");
    await expect.poll(() => tenant.read(`${account}/buckets`)).toContain("Active");

    const shown = await tenant.submit(`${account}/access-keys/new`, { Name: "lynx" }, "Create access key");
    const accessKeyId = /\bBLD[A-Z0-9]{17}\b/.exec(shown)?.[0] ?? "";
    const secretAccessKey = /^\s*([A-Za-z0-9]{40})\s*$/m.exec(shown)?.[1] ?? "";
    const s3 = new S3Client({
      endpoint: balde.storage,
      region: "us-east-1",
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    });
    await s3.send(new PutObjectCommand({ Bucket: "from-lynx", Key: "letters/<b>1</b>", Body: "Dear lynx" }));
    const linkTo = async (page: string, wanted: RegExp) =>
      (await tenant.links(page)).find((link) => wanted.test(link)) ?? "";
    const bucket = await linkTo(`${account}/buckets`, /\/buckets\/[0-9a-f-]{36}$/);
    const folder = await linkTo(`${bucket}/objects`, /prefix=letters/);
    expect(await tenant.read(folder)).toContain("<b>1</");
    const object = await linkTo(`${folder}${encodeURIComponent("<b>1</")}`, /\/object\?key=/);
    expect(await tenant.read(object)).toContain("letters/<b>1</b>");
    expect(await tenant.download(await linkTo(object, /\/download\?key=/))).toBe("Dear lynx");

    expect(await operator.submit(`${balde.console}/admin/usage`, {}, "Measure now")).toContain("Bia Ltda");
    await expect.poll(() => tenant.read(account)).toContain("Measured");

    const key = await linkTo(`${account}/access-keys`, /access-keys\/[0-9a-f-]{36}$/);
    expect(await tenant.submit(`${key}/revocation`, {}, "Revoke key")).toContain("was revoked");
    await expect(s3.send(new HeadBucketCommand({ Bucket: "from-lynx" }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });

  await operator.close();
  await tenant.close();
});
