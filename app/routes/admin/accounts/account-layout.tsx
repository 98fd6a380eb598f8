import { Outlet } from "react-router";
import { staffTenantMiddleware } from "#app/http/middleware.server.ts";
import type { Route } from "./+types/account-layout";

export const middleware: Route.MiddlewareFunction[] = [staffTenantMiddleware];

/** Without a loader, navigation in the browser would go past the middleware. */
export function loader() {
  return null;
}

export default function AdminAccountLayout() {
  return <Outlet />;
}
