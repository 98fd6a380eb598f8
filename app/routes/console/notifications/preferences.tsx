import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { NotificationGroup, NotificationKind } from "#app/domain/notifications/kinds.ts";
import { readPreferences, setPreferences } from "#app/domain/notifications/preferences.ts";
import { setPreferencesInput } from "#app/domain/notifications/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submit } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import type { FormField } from "#app/ui/form/field.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { Section } from "#app/ui/layout/section.tsx";
import { DataTable } from "#app/ui/table/data-table.tsx";
import type { Route } from "./+types/preferences";

export function loader(args: Route.LoaderArgs) {
  const t = translator(args.context);
  return load(args, async (context) => {
    const groups = await readPreferences(context);
    const optional = groups.flatMap(({ kinds }) => kinds).filter(({ always }) => !always);
    return {
      groups: groups.map(({ group, kinds }) => ({
        group,
        kinds: kinds.map(({ kind, always }) => ({ kind, always, label: t(`notices.${kind}.label`) })),
      })),
      form: formOf(setPreferencesInput, {
        inApp: optional.filter(({ inApp }) => inApp).map(({ kind }) => kind),
        email: optional.filter(({ email }) => email).map(({ kind }) => kind),
      }),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, setPreferences, () =>
    redirectWithFlash("/me/notifications", t("notifications.preferences.done")),
  );
}

/** Why a group has kinds that nobody can turn off. */
const reasons: Partial<Record<NotificationGroup, `notifications.preferences.alwaysWhy.${LockedGroup}`>> = {
  security: "notifications.preferences.alwaysWhy.security",
  account: "notifications.preferences.alwaysWhy.account",
  team: "notifications.preferences.alwaysWhy.team",
  billing: "notifications.preferences.alwaysWhy.billing",
};
type LockedGroup = "security" | "account" | "team" | "billing";

export default function NotificationPreferences({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const hasChoice = loaderData.groups.some(({ kinds }) => kinds.some(({ always }) => !always));
  return (
    <FormPage
      title={t("notifications.preferences.title")}
      intro={t("notifications.preferences.intro")}
      breadcrumbs={[{ label: t("notifications.title"), to: "/notifications" }]}
      form={form}
    >
      {loaderData.groups.map(({ group, kinds }) => {
        const reason = kinds.some(({ always }) => always) && reasons[group];
        return (
          <Section key={group} title={t(`notifications.groups.${group}`)} description={reason && t(reason)}>
            <DataTable
              caption={t(`notifications.groups.${group}`)}
              rows={kinds}
              rowKey={({ kind }) => kind}
              columns={[
                {
                  key: "kind",
                  header: t("notifications.preferences.kind"),
                  cell: ({ kind, label, always }) => (
                    <>
                      {label}
                      {!always && <input type="hidden" name={fields.kinds.name} value={kind} />}
                    </>
                  ),
                },
                {
                  key: "inApp",
                  header: t("notifications.preferences.inApp"),
                  cell: (row) => (
                    <Choice {...row} field={fields.inApp} unused={row.kind === "email-changed"}>
                      {t("notifications.preferences.inAppOf", { kind: row.label })}
                    </Choice>
                  ),
                },
                {
                  key: "email",
                  header: t("notifications.preferences.email"),
                  cell: (row) => (
                    <Choice {...row} field={fields.email}>
                      {t("notifications.preferences.emailOf", { kind: row.label })}
                    </Choice>
                  ),
                },
              ]}
            />
          </Section>
        );
      })}
      {hasChoice && <SubmitButton>{t("notifications.preferences.submit")}</SubmitButton>}
    </FormPage>
  );
}

interface ChoiceProps {
  kind: NotificationKind;
  always: boolean;
  /** The kind never comes this way. */
  unused?: boolean;
  field: FormField;
  /** The check box's name, for those who do not see the table around it. */
  children: ReactNode;
}

function Choice({ kind, always, unused = false, field, children }: ChoiceProps) {
  const { t } = useTranslation();
  if (unused) return t("notifications.preferences.never");
  if (always) return t("notifications.preferences.always");
  return (
    <label className="-m-1 inline-flex p-1 align-middle">
      <input
        type="checkbox"
        name={field.name}
        value={kind}
        defaultChecked={field.defaultOptions.includes(kind)}
        className="size-5.5"
      />
      <span className="sr-only">{children}</span>
    </label>
  );
}
