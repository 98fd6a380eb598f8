import { useTranslation } from "react-i18next";
import { load } from "#app/http/handlers.server.ts";
import { beginVisit } from "#app/http/sign-in-providers/begin-visit.server.ts";
import { getProvider } from "#app/http/sign-in-providers/visits.server.ts";
import { AuthLayout } from "#app/ui/layout/auth-layout.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { ProviderForm } from "#app/ui/sign-in/provider-buttons.tsx";
import { ProviderFailure } from "#app/ui/sign-in/provider-failure.tsx";
import type { Route } from "./+types/provider";

/** Reloaded, typed in, or come back to: a visit begins with a form alone, so that no link can begin one. */
export function loader(args: Route.LoaderArgs) {
  return load(args, async () => {
    const { id, name } = getProvider(args.params.provider);
    return { provider: { id, name } };
  });
}

export function action(args: Route.ActionArgs) {
  return beginVisit(args);
}

export default function LeaveForProvider({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  if (actionData) return <ProviderFailure failure={actionData} />;
  const { provider } = loaderData;
  return (
    <AuthLayout>
      <PageHeader title={t("auth.login.title")} />
      <ProviderForm provider={provider} variant="primary" />
    </AuthLayout>
  );
}
