import { useTranslation } from "react-i18next";
import { href, redirect } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { getBucket } from "#app/domain/buckets/read-buckets.ts";
import { findEmptying } from "#app/domain/emptying/read-emptyings.ts";
import { stopEmptying } from "#app/domain/emptying/stop-emptying.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import type { Route } from "./+types/stop";

const emptyingPage = "/accounts/:account/buckets/:bucket/emptying";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:stop-emptying");
    const id = uuidOr404(args.params.bucket);
    const [{ name }, emptying] = await Promise.all([getBucket(context, id), findEmptying(context, id)]);
    // Nothing left to stop; the page before says how it stands.
    const canBeStopped = emptying?.state === "queued" || emptying?.state === "running";
    if (!canBeStopped) throw redirect(href(emptyingPage, args.params));
    return { name };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context) => stopEmptying(context, { bucketId: uuidOr404(args.params.bucket) }),
    () => redirectWithFlash(href(emptyingPage, args.params), t("emptying.stop.done")),
  );
}

export default function StopEmptying({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form] = useAppForm({ constraint: {}, defaultValue: {} }, actionData);
  const { name } = loaderData;
  return (
    <FormPage
      title={t("emptying.stop.title", { bucket: name })}
      intro={t("emptying.stop.intro")}
      breadcrumbs={[
        { label: t("buckets.title"), to: href("/accounts/:account/buckets", params) },
        { label: name, to: href("/accounts/:account/buckets/:bucket", params) },
        { label: t("emptying.link"), to: href(emptyingPage, params) },
      ]}
      form={form}
    >
      <SubmitButton variant="danger">{t("emptying.stop.submit")}</SubmitButton>
    </FormPage>
  );
}
