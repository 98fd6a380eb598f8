import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { closeUser } from "#app/domain/people/close-user.ts";
import { readClosingObstacles } from "#app/domain/people/read-obstacles.ts";
import { closeUserInput } from "#app/domain/people/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, signedInUser, submit, withFlash } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { signedOutRedirect } from "#app/http/session.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { TextField } from "#app/ui/form/text-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { Notice } from "#app/ui/layout/notice.tsx";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import type { Route } from "./+types/closing";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => ({
    ...(await readClosingObstacles(context)),
    email: signedInUser(args.context).email,
    form: formOf(closeUserInput),
  }));
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submit(args, closeUser, async () => withFlash(await signedOutRedirect(), t("profile.closing.done")));
}

export default function CloseUser({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  const { soleOwnerships, isLastOperator, email } = loaderData;
  const breadcrumbs = [{ label: t("profile.title"), to: "/me" }];
  if (soleOwnerships.length > 0 || isLastOperator) {
    return (
      <>
        <PageHeader title={t("profile.closing.title")} breadcrumbs={breadcrumbs} />
        <Obstacles soleOwnerships={soleOwnerships} isLastOperator={isLastOperator} />
      </>
    );
  }
  return (
    <FormPage
      title={t("profile.closing.title")}
      intro={t("profile.closing.intro")}
      breadcrumbs={breadcrumbs}
      form={form}
    >
      <Consequences
        title={t("profile.closing.goes")}
        items={[
          t("profile.closing.goesPerson"),
          t("profile.closing.goesSessions"),
          t("profile.closing.goesMemberships"),
          t("profile.closing.goesNotices"),
        ]}
      />
      <Consequences
        title={t("profile.closing.stays")}
        items={[
          t("profile.closing.staysKeys"),
          t("profile.closing.staysRecords"),
          t("profile.closing.staysAddresses"),
          t("profile.closing.staysNotices"),
        ]}
      />
      <TextField
        field={fields.email}
        type="email"
        autoComplete="off"
        label={t("profile.closing.email")}
        hint={t("profile.closing.emailHint", { email })}
      />
      <SubmitButton variant="danger">{t("profile.closing.submit")}</SubmitButton>
    </FormPage>
  );
}

function Consequences({ title, items }: { title: string; items: string[] }) {
  return (
    <div>
      <h2 className="font-semibold">{title}</h2>
      <ul className="mt-1 list-disc space-y-1 ps-5">
        {items.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    </div>
  );
}

type ObstaclesProps = Pick<Route.ComponentProps["loaderData"], "soleOwnerships" | "isLastOperator">;

/** What has to be handed over first, with the ways to do so. */
function Obstacles({ soleOwnerships, isLastOperator }: ObstaclesProps) {
  const { t } = useTranslation();
  return (
    <div className="max-w-prose space-y-4">
      {soleOwnerships.length > 0 && (
        <Notice tone="warning" title={t("profile.closing.soleOwner")}>
          <p>{t("profile.closing.soleOwnerAdvice")}</p>
          <ul className="mt-1 list-disc ps-5">
            {soleOwnerships.map(({ id, slug, name }) => (
              <li key={id}>
                <Link to={href("/accounts/:account/members", { account: slug })}>{name}</Link>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {isLastOperator && (
        <Notice tone="warning" title={t("profile.closing.lastOperator")}>
          <p>
            {t("profile.closing.lastOperatorAdvice")}{" "}
            <Link to="/admin/users">{t("profile.closing.toUsers")}</Link>
          </p>
        </Notice>
      )}
    </div>
  );
}
