import { signedInMiddleware, staffMiddleware, staffTenantMiddleware } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/admin-account-layout";

export const middleware: Route.MiddlewareFunction[] = [
  signedInMiddleware,
  staffMiddleware,
  staffTenantMiddleware,
];
