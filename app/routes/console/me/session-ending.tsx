import { useTranslation } from "react-i18next";
import { authorize } from "#app/domain/authorization.ts";
import { endSession } from "#app/domain/identity/sessions/end-session.ts";
import { getOwnSession } from "#app/domain/identity/sessions/read-sessions.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { signedOutRedirect } from "#app/http/session.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import { useDeviceName } from "#app/ui/profile/device-name.ts";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/session-ending";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "sessions:end-any");
    return { session: await getOwnSession(context, uuidOr404(args.params.session)) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context) => endSession(context, { sessionId: uuidOr404(args.params.session) }),
    ({ isCurrent }) =>
      isCurrent ? signedOutRedirect() : redirectWithFlash("/me/sessions", t("profile.endSession.done")),
  );
}

export default function EndSession({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const deviceName = useDeviceName();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  const { device, address, createdAt, lastSeenAt, isCurrent } = loaderData.session;
  return (
    <FormPage
      title={t("profile.endSession.title")}
      intro={t(isCurrent ? "profile.endSession.introCurrent" : "profile.endSession.intro")}
      breadcrumbs={[{ label: t("profile.sessions.title"), to: "/me/sessions" }]}
      form={form}
    >
      <DescriptionList
        items={[
          { term: t("profile.sessions.device"), details: deviceName(device) },
          {
            term: t("profile.sessions.address"),
            details: address ?? t("profile.sessions.unknownAddress"),
          },
          { term: t("profile.sessions.createdAt"), details: <Timestamp at={createdAt} /> },
          { term: t("profile.sessions.lastSeenAt"), details: <Timestamp at={lastSeenAt} /> },
        ]}
      />
      <SubmitButton variant="danger">{t("profile.endSession.submit")}</SubmitButton>
    </FormPage>
  );
}
