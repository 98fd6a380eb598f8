import { adoptTenant } from "#app/domain/reconciliation/adopt-tenant.ts";
import { byMethod, methodNotAllowed, respondTo } from "#app/http/handlers.server.ts";
import type { Route } from "./+types/admin-adopt-tenant";

export const loader = methodNotAllowed;

/** 202: it is done once the account is `active`. */
export function action(args: Route.ActionArgs) {
  return byMethod(args, { post: () => respondTo(args, adoptTenant, { status: 202 }) });
}
