import { approveAccount } from "#app/domain/accounts/approve-account.ts";
import { byMethod, methodNotAllowed, respondTo } from "#app/http/handlers.server.ts";
import type { Route } from "./+types/admin-approve";

export const loader = methodNotAllowed;

export function action(args: Route.ActionArgs) {
  return byMethod(args, { post: () => respondTo(args, approveAccount) });
}
