/**
 * The label of each field by its name in the form, for the error summary: “Fill this in” alone does not say where.
 * Each form labels its fields itself; here stands what fits every form that has the field.
 */
export const fieldNames = {
  name: "accessKeys.name",
  email: "auth.email",
  password: "auth.password",
  accountName: "accounts.name",
  document: "accounts.document",
  permission: "accessKeys.permission",
  scope: "accessKeys.scope",
  buckets: "accessKeys.buckets",
  expiresOn: "accessKeys.expiresOn",
  cause: "admin.rejection.cause",
  reason: "admin.rejection.reason",
} as const;

export function isNamed(field: string): field is keyof typeof fieldNames {
  return Object.hasOwn(fieldNames, field);
}
