import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { publicEndpoint } from "#app/domain/access-keys/public-endpoint.ts";
import { getAccessKey } from "#app/domain/access-keys/read-access-keys.ts";
import { authorize } from "#app/domain/authorization.ts";
import { listTestBuckets } from "#app/domain/connection-test/read-reach.ts";
import { testConnectionForm } from "#app/domain/connection-test/schema.ts";
import { testConnection } from "#app/domain/connection-test/test-connection.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, submitWith } from "#app/http/handlers.server.ts";
import { translator } from "#app/http/i18n.server.ts";
import { uuidOr404 } from "#app/http/middleware.server.ts";
import { AppForm, SubmitButton } from "#app/ui/form/app-form.tsx";
import { CheckboxField } from "#app/ui/form/choice-fields.tsx";
import { ErrorSummary } from "#app/ui/form/error-summary.tsx";
import { PasswordField } from "#app/ui/form/password-field.tsx";
import { SelectField } from "#app/ui/form/select-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { PageHeader } from "#app/ui/layout/page-header.tsx";
import { Section } from "#app/ui/layout/section.tsx";
import { useBeginAtTop } from "#app/ui/use-begin-at-top.ts";
import type { Route } from "./+types/test";
import { AccessKeyState } from "./access-key-state.tsx";
import { OwnMachine } from "./own-machine.tsx";
import { TestResults } from "./test-results.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    authorize(context, "access-keys:test");
    const { id, name, state } = await getAccessKey(context, uuidOr404(args.params.key));
    return {
      name,
      state,
      buckets: await listTestBuckets(context, id),
      form: formOf(testConnectionForm),
      ...publicEndpoint(),
    };
  });
}

/** The secret comes with the form and goes with the answer: nothing of it is kept, nor shown again. */
export function action(args: Route.ActionArgs) {
  const t = translator(args.context);
  return submitWith(
    args,
    (context, input) => testConnection(context, { ...input, id: uuidOr404(args.params.key) }),
    (results) => ({
      testedAt: Date.now(),
      results: results.map(({ step, outcome, finding, params }) => ({
        step,
        outcome,
        text: t(`connectionTests.${finding}`, params),
      })),
    }),
  );
}

export default function TestConnection({ loaderData, actionData, params }: Route.ComponentProps) {
  const { t } = useTranslation();
  const { name, state, buckets, endpoint } = loaderData;
  const tested = actionData && "results" in actionData ? actionData : undefined;
  const refusal = actionData && "result" in actionData ? actionData : undefined;
  const [form, fields] = useAppForm(loaderData.form, refusal);
  return (
    <>
      <ErrorSummary form={form} />
      <PageHeader
        title={t("keySettings.test.pageTitle", { key: name })}
        description={t("keySettings.test.intro", { endpoint })}
        breadcrumbs={[
          { label: t("accessKeys.title"), to: href("/accounts/:account/access-keys", params) },
          { label: name, to: href("/accounts/:account/access-keys/:key", params) },
        ]}
        tag={<AccessKeyState state={state} />}
        invalid={!form.valid}
      />
      {tested && <Shown key={tested.testedAt} results={tested.results} />}
      <Section title={t("keySettings.test.title")}>
        {/* A new form after each test: what was pasted into the last one is gone from the page. */}
        <AppForm key={tested?.testedAt} form={form} className="max-w-xl space-y-5">
          <PasswordField
            field={fields.secret}
            label={t("accessKeys.secretAccessKey")}
            hint={t("keySettings.test.secretHint")}
            autoComplete="off"
          />
          {buckets.length > 0 && (
            <SelectField
              field={fields.bucket}
              label={t("keySettings.test.bucket")}
              hint={t("keySettings.test.bucketHint")}
              options={buckets.map((bucket) => ({ value: bucket.id, label: bucket.name }))}
            />
          )}
          <CheckboxField
            // Not marked as optional: a box is left as it is.
            field={{ ...fields.write, required: undefined }}
            label={t("keySettings.test.write")}
            hint={t("keySettings.test.writeHint")}
          />
          <SubmitButton>{t("keySettings.test.submit")}</SubmitButton>
        </AppForm>
      </Section>
      <OwnMachine
        endpoint={endpoint}
        bucket={buckets[0]?.name ?? t("keySettings.clients.bucketPlaceholder")}
      />
    </>
  );
}

function Shown({ results }: Parameters<typeof TestResults>[0]) {
  useBeginAtTop();
  return <TestResults results={results} />;
}
