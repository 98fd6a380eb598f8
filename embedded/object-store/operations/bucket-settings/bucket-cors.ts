import { CORS_METHODS, type CorsRule } from "../../cors.ts";
import { S3Error } from "../../errors.ts";
import type { BucketOperation } from "../../operation.ts";
import {
  childElements,
  childText,
  childTexts,
  expectOnly,
  parseXml,
  type XmlElements,
  xmlDocument,
} from "../../xml.ts";
import { updateBucket } from "./update-bucket.ts";

/** Amazon's limits: of the document, of rules in it, of a rule's ID. */
const MAX_DOCUMENT_BYTES = 64 * 1024;
const MAX_RULES = 100;
const MAX_ID_LENGTH = 255;

/** GET /bucket?cors */
export const getBucketCors: BucketOperation = {
  name: "GetBucketCors",
  category: "get_cors",
  scope: "bucket",
  action: "s3:GetBucketCORS",
  parameters: ["cors"],

  async handle({ store, bucket }) {
    const { rows } = await store.database.query<{ cors: CorsRule[] | null }>(
      "select cors from s3.buckets where id = $1",
      [bucket.id],
    );
    const rules = rows[0]?.cors;
    if (!rules) {
      throw new S3Error("NoSuchCORSConfiguration", undefined, { details: { BucketName: bucket.name } });
    }
    return { status: 200, body: xmlDocument("CORSConfiguration", { CORSRule: rules.map(ruleElement) }) };
  },
};

/** PUT /bucket?cors: in place of all rules that there were. */
export const putBucketCors: BucketOperation = {
  name: "PutBucketCors",
  category: "put_cors",
  scope: "bucket",
  action: "s3:PutBucketCORS",
  parameters: ["cors"],

  async handle({ store, bucket, body }) {
    const rules = parseCors(await body.readAll(MAX_DOCUMENT_BYTES));
    await updateBucket(store.database, bucket, "cors", rules);
    return { status: 200 };
  },
};

/** DELETE /bucket?cors */
export const deleteBucketCors: BucketOperation = {
  name: "DeleteBucketCors",
  category: "delete_cors",
  scope: "bucket",
  action: "s3:PutBucketCORS",
  parameters: ["cors"],

  async handle({ store, bucket }) {
    await updateBucket(store.database, bucket, "cors", null);
    return { status: 204 };
  },
};

/**
 * Reads a `CORSConfiguration` document.
 *
 * @throws S3Error MalformedXML, InvalidRequest
 */
function parseCors(document: Buffer): CorsRule[] {
  const configuration = parseXml(document, "CORSConfiguration");
  expectOnly(configuration, ["CORSRule"]);
  const rules = childElements(configuration, "CORSRule");
  if (rules.length === 0) throw new S3Error("MalformedXML");
  if (rules.length > MAX_RULES) {
    throw invalid(`The number of CORS rules should not exceed allowed limit of ${MAX_RULES} rules.`);
  }
  return rules.map(readRule);
}

function readRule(element: XmlElements): CorsRule {
  expectOnly(element, [
    "ID",
    "AllowedOrigin",
    "AllowedMethod",
    "AllowedHeader",
    "ExposeHeader",
    "MaxAgeSeconds",
  ]);
  const rule: CorsRule = {
    id: readId(element),
    allowedOrigins: childTexts(element, "AllowedOrigin"),
    allowedMethods: childTexts(element, "AllowedMethod"),
    allowedHeaders: childTexts(element, "AllowedHeader"),
    exposeHeaders: childTexts(element, "ExposeHeader"),
    maxAgeSeconds: readMaxAge(element),
  };
  if (rule.allowedOrigins.length === 0 || rule.allowedMethods.length === 0) throw new S3Error("MalformedXML");
  checkRule(rule);
  return rule;
}

function readId(element: XmlElements): string | undefined {
  const id = onlyText(element, "ID");
  if (id !== undefined && id.length > MAX_ID_LENGTH) {
    throw invalid(`The ID of a CORS rule should not exceed allowed limit of ${MAX_ID_LENGTH} characters.`);
  }
  return id;
}

function readMaxAge(element: XmlElements): number | undefined {
  const seconds = onlyText(element, "MaxAgeSeconds")?.trim();
  if (seconds === undefined) return undefined;
  if (!/^\d{1,9}$/.test(seconds)) throw new S3Error("MalformedXML");
  return Number(seconds);
}

function onlyText(element: XmlElements, name: string): string | undefined {
  const text = childText(element, name);
  if (name in element && text === undefined) throw new S3Error("MalformedXML");
  return text;
}

function checkRule(rule: CorsRule): void {
  for (const method of rule.allowedMethods) {
    if (!CORS_METHODS.includes(method)) {
      throw invalid(`Found unsupported HTTP method in CORS config. Unsupported method is ${method}`);
    }
  }
  for (const origin of rule.allowedOrigins) {
    if (wildcards(origin) > 1)
      throw invalid(`AllowedOrigin "${origin}" can not have more than one wildcard.`);
  }
  for (const header of rule.allowedHeaders) {
    if (wildcards(header) > 1)
      throw invalid(`AllowedHeader "${header}" can not have more than one wildcard.`);
  }
  for (const header of rule.exposeHeaders) {
    if (wildcards(header) > 0) {
      throw invalid(
        `ExposeHeader "${header}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
      );
    }
    // It is sent back as part of a header.
    if (!/^[\w!#$%&'+.^`|~-]+$/.test(header))
      throw invalid(`ExposeHeader "${header}" is not a header's name.`);
  }
}

const wildcards = (text: string) => text.split("*").length - 1;
const invalid = (message: string) => new S3Error("InvalidRequest", message);

function ruleElement(rule: CorsRule): XmlElements {
  return {
    ID: rule.id,
    AllowedHeader: rule.allowedHeaders,
    AllowedMethod: rule.allowedMethods,
    AllowedOrigin: rule.allowedOrigins,
    ExposeHeader: rule.exposeHeaders,
    MaxAgeSeconds: rule.maxAgeSeconds,
  };
}
