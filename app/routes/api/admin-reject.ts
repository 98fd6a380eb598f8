import { rejectAccount } from "#app/domain/accounts/reject-account.ts";
import { byMethod, methodNotAllowed, respondTo } from "#app/http/handlers.server.ts";
import type { Route } from "./+types/admin-reject";

export const loader = methodNotAllowed;

export function action(args: Route.ActionArgs) {
  return byMethod(args, { post: () => respondTo(args, rejectAccount) });
}
