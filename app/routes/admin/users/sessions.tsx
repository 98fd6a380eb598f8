import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { endSessionsOf } from "#app/domain/identity/sessions/end-sessions-of.ts";
import { listSessionsOf } from "#app/domain/identity/sessions/read-sessions.ts";
import { endSessionsOfInput } from "#app/domain/identity/sessions/schema.ts";
import { getUser } from "#app/domain/identity/staff/read-users.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { RadioGroupField } from "#app/ui/form/choice-fields.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { useDeviceName } from "#app/ui/profile/device-name.ts";
import { Timestamp } from "#app/ui/values.tsx";
import type { Route } from "./+types/sessions";
import { ReasonForm } from "./reason-form.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "users:end-sessions");
    const id = args.params.user;
    const [user, sessions] = await Promise.all([getUser(context, id), listSessionsOf(context, id)]);
    return { user, sessions, form: formOf(endSessionsOfInput.omit({ userId: true }), { sessionId: "" }) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const user = href("/admin/users/:user", args.params);
  return submit(
    args,
    endSessionsOf,
    ({ ended }) => redirectWithFlash(user, t("users.sessions.done", { count: ended })),
    { userId: args.params.user },
  );
}

export default function EndSessions({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const deviceName = useDeviceName();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { user, sessions } = loaderData;
  return (
    <ReasonForm
      title={t("users.sessions.title", { user: user.name })}
      intro={t("users.sessions.intro")}
      user={user}
      form={form}
      reason={fields.reason}
      submit={t("users.sessions.submit")}
      variant="danger"
    >
      <RadioGroupField
        // The first choice has no value: it names no session, which means all of them.
        field={{ ...fields.sessionId, required: true }}
        label={t("users.sessions.which")}
        options={[
          { value: "", label: t("users.sessions.all") },
          ...sessions.map(({ id, device, address, lastSeenAt }) => ({
            value: id,
            label: deviceName(device),
            hint: (
              <>
                {address && `${address} · `}
                {t("profile.sessions.lastSeenAt")}: <Timestamp at={lastSeenAt} />
              </>
            ),
          })),
        ]}
      />
    </ReasonForm>
  );
}
