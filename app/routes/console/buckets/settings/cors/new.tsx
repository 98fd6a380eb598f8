import { useTranslation } from "react-i18next";
import { href, Link } from "react-router";
import { authorize } from "#app/domain/authorization.ts";
import { addCorsRule } from "#app/domain/bucket-settings/add-cors-rule.ts";
import { addCorsRuleInput } from "#app/domain/bucket-settings/schema.ts";
import { getBucket } from "#app/domain/buckets/read-buckets.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, redirectWithFlash, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { corsBreadcrumbs } from "../setting-breadcrumbs.ts";
import type { Route } from "./+types/new";
import { RuleFields } from "./rule-fields.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "buckets:set-cors");
    const { name } = await getBucket(context, uuidOr404(args.params.bucket));
    const query = args.url.searchParams;
    const filledIn = (field: string) => query.get(field) ?? undefined;
    return {
      name,
      preset: args.url.search,
      form: formOf(addCorsRuleInput.omit({ bucketId: true }), {
        origins: filledIn("origins"),
        methods: query.getAll("methods"),
        headers: filledIn("headers"),
        exposeHeaders: filledIn("exposeHeaders"),
        maxAgeSeconds: filledIn("maxAgeSeconds") ?? "3600",
      }),
    };
  });
}

export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, input) => addCorsRule(context, { ...input, bucketId: uuidOr404(args.params.bucket) }),
    () =>
      redirectWithFlash(
        href("/accounts/:account/buckets/:bucket/cors", args.params),
        t("bucketSettings.cors.added"),
      ),
  );
}

/** Forms that are filled in already for what people mostly want. */
const presets = [
  { name: "read", query: "?methods=GET&methods=HEAD" },
  { name: "upload", query: "?methods=PUT&methods=POST&headers=*&exposeHeaders=ETag" },
  { name: "readByAll", query: "?origins=*&methods=GET&methods=HEAD" },
] as const;

export default function NewCorsRule({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const [form, fields] = useAppForm(loaderData.form, actionData);
  return (
    <FormPage
      title={t("bucketSettings.cors.add")}
      intro={t("bucketSettings.cors.newIntro")}
      breadcrumbs={corsBreadcrumbs(t, params, loaderData.name)}
      // Another preset is another form: what was in the fields before must not stay in them.
      key={loaderData.preset}
      form={form}
    >
      <div>
        <p>{t("bucketSettings.cors.presets.title")}</p>
        <ul className="list-disc ps-5">
          {presets.map(({ name, query }) => (
            <li key={name}>
              <Link to={query}>{t(`bucketSettings.cors.presets.${name}`)}</Link>
            </li>
          ))}
        </ul>
      </div>
      <RuleFields fields={fields} />
      <SubmitButton>{t("bucketSettings.cors.add")}</SubmitButton>
    </FormPage>
  );
}
