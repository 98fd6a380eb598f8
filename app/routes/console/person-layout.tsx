import { Outlet } from "react-router";
import { countUnread } from "#app/domain/notifications/read-notifications.ts";
import { load, signedInUser } from "#app/http/handlers.server.ts";
import { signedInMiddleware } from "#app/http/middleware.server.ts";
import { ErrorContent } from "#app/ui/layout/error-page.tsx";
import { PersonShell } from "#app/ui/layout/person-shell.tsx";
import type { Route } from "./+types/person-layout";

export const middleware: Route.MiddlewareFunction[] = [signedInMiddleware];

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => ({
    user: signedInUser(args.context),
    unread: await countUnread(context),
  }));
}

export default function PersonLayout({ loaderData }: Route.ComponentProps) {
  return (
    <PersonShell {...loaderData}>
      <Outlet />
    </PersonShell>
  );
}

export function ErrorBoundary({ error, loaderData }: Route.ErrorBoundaryProps) {
  if (!loaderData) throw error;
  return (
    <PersonShell {...loaderData}>
      <ErrorContent error={error} />
    </PersonShell>
  );
}
