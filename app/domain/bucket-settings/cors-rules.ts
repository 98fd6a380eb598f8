import type { z } from "zod";
import type { CorsRule } from "#app/ports/storage/driver.ts";
import { storage } from "#app/ports/storage/storage.server.ts";
import { DomainError, InvalidInput } from "../errors.ts";
import {
  beforeChanging,
  type LeasedBucket,
  page,
  requireCapability,
  whileLeased,
} from "./change-settings.ts";
import type { addCorsRuleInput } from "./schema.ts";

/** Of a CORS configuration (Amazon S3, PutBucketCors). */
const mostRules = 100;
const mostBytes = 64 * 1024;

/**
 * Reads the rules, changes them and writes them as a whole; the bucket must be leased. The port reads back what the
 * engine kept, and refuses what it did not keep whole. Answers the rules as they are now.
 */
export async function changeCors(
  bucket: LeasedBucket,
  change: (rules: CorsRule[]) => CorsRule[],
): Promise<CorsRule[]> {
  return whileLeased(bucket, async (at) => {
    await requireCapability((engine) => engine.cors);
    const rules = change(await beforeChanging(storage.getCors(at, page)));
    requireWithinLimits(rules);
    await storage.setCors({ ...at, rules }, page);
    return rules;
  });
}

/** The rule at a place, from 1. Throws `settings-changed` where there is none any more. */
export function ruleAt(rules: readonly CorsRule[], position: number): CorsRule {
  const rule = rules[position - 1];
  if (!rule) throw new DomainError("settings-changed");
  return rule;
}

/** A rule from the fields of its form. What is empty is left out, as the engine does. */
export function toCorsRule(fields: z.output<typeof addCorsRuleInput>): CorsRule {
  const { name, origins, methods, headers, exposeHeaders, maxAgeSeconds } = fields;
  return {
    ...(name ? { id: name } : {}),
    allowedOrigins: origins,
    allowedMethods: [...new Set(methods)],
    ...(headers.length > 0 ? { allowedHeaders: headers } : {}),
    ...(exposeHeaders.length > 0 ? { exposeHeaders } : {}),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
  };
}

/** What the audit log keeps of a rule. */
export function auditedRule(rule: CorsRule) {
  return {
    id: rule.id ?? null,
    origins: [...rule.allowedOrigins],
    methods: [...rule.allowedMethods],
    headers: [...(rule.allowedHeaders ?? [])],
  };
}

function requireWithinLimits(rules: readonly CorsRule[]): void {
  if (rules.length > mostRules) throw refusal("corsTooManyRules");
  if (documentBytes(rules) > mostBytes) throw refusal("corsTooLong");
}

function refusal(message: string): InvalidInput {
  return new InvalidInput([{ path: [], message, params: {} }]);
}

/** How long the XML document will be that holds the rules: their values, and the tags around each. */
function documentBytes(rules: readonly CorsRule[]): number {
  const envelope = 200;
  return rules.reduce((bytes, rule) => bytes + ruleBytes(rule), envelope);
}

function ruleBytes(rule: CorsRule): number {
  const element = (name: string, value: string) => 2 * name.length + 5 + escapedBytes(value);
  const elements = (name: string, values: readonly string[] = []) =>
    values.reduce((bytes, value) => bytes + element(name, value), 0);
  return (
    element("CORSRule", "") +
    (rule.id ? element("ID", rule.id) : 0) +
    elements("AllowedOrigin", rule.allowedOrigins) +
    elements("AllowedMethod", rule.allowedMethods) +
    elements("AllowedHeader", rule.allowedHeaders) +
    elements("ExposeHeader", rule.exposeHeaders) +
    (rule.maxAgeSeconds === undefined ? 0 : element("MaxAgeSeconds", String(rule.maxAgeSeconds)))
  );
}

/** In UTF-8, with what XML writes in place of the characters that it keeps for itself. */
function escapedBytes(text: string): number {
  return Buffer.byteLength(text.replace(/[&<>"']/g, "&quot;"));
}
