/**
 * The label of each field by its name in the form, for the error summary: “Fill this in” alone does not say where.
 * Each form labels its fields itself; here stands what fits every form that has the field.
 */
export const fieldNames = {
  name: "common.fields.name",
  email: "common.fields.email",
  password: "common.fields.password",
  accountName: "common.fields.accountName",
  document: "common.fields.document",
  permission: "common.fields.permission",
  scope: "common.fields.scope",
  buckets: "common.fields.buckets",
  expiresOn: "common.fields.expiresOn",
  maxAgeDays: "common.fields.maxAgeDays",
  cause: "common.fields.cause",
  reason: "common.fields.reason",
  files: "common.fields.files",
} as const;

export function isNamed(field: string): field is keyof typeof fieldNames {
  return Object.hasOwn(fieldNames, field);
}
