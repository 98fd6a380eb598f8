import { useTranslation } from "react-i18next";
import { href, redirect } from "react-router";
import { getAccessKey } from "#app/domain/access-keys/read-access-keys.ts";
import { revokeAccessKey } from "#app/domain/access-keys/revoke-access-key.ts";
import { authorize } from "#app/domain/authorization.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { DescriptionList } from "#app/ui/layout/description-list.tsx";
import type { Route } from "./+types/revocation";
import { BucketScope } from "./bucket-scope.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "access-keys:revoke");
    const key = await getAccessKey(context, uuidOr404(args.params.key));
    const { name, state, accessKeyId, permission, allBuckets, buckets } = key;
    // Nothing left to do; the key's page says how it stands.
    if (state !== "active" && state !== "inactive") {
      throw redirect(href("/accounts/:account/access-keys/:key", args.params));
    }
    return { name, accessKeyId, permission, allBuckets, buckets: buckets.map((bucket) => bucket.name) };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  const accessKey = href("/accounts/:account/access-keys/:key", args.params);
  return submitWith(
    args,
    (context) => revokeAccessKey(context, { id: uuidOr404(args.params.key) }),
    // Where the engine has not confirmed, the key's page says that it still works.
    ({ state }) =>
      state === "revoked"
        ? redirectWithFlash(accessKey, t("accessKeys.revocation.done"))
        : redirect(accessKey),
  );
}

export default function RevokeAccessKey({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  const { name, accessKeyId, permission, ...scope } = loaderData;
  return (
    <FormPage
      title={t("accessKeys.revocation.title", { key: name })}
      intro={t("accessKeys.revocation.intro")}
      breadcrumbs={[
        { label: t("accessKeys.title"), to: href("/accounts/:account/access-keys", params) },
        { label: name, to: href("/accounts/:account/access-keys/:key", params) },
      ]}
      form={form}
    >
      <DescriptionList
        items={[
          { term: t("accessKeys.accessKeyId"), details: <code className="break-all">{accessKeyId}</code> },
          { term: t("accessKeys.permission"), details: t(`accessKeys.permissions.${permission}`) },
          { term: t("accessKeys.scope"), details: <BucketScope {...scope} /> },
        ]}
      />
      <SubmitButton variant="danger">{t("accessKeys.revocation.submit")}</SubmitButton>
    </FormPage>
  );
}
