import { useTranslation } from "react-i18next";
import { data } from "react-router";
import { enableSecondFactor } from "#app/domain/identity/second-factor/enable-second-factor.ts";
import { offerSecondFactor } from "#app/domain/identity/second-factor/offer-second-factor.ts";
import { enableSecondFactorInput } from "#app/domain/identity/second-factor/schema.ts";
import { formOf } from "#app/http/forms.server.ts";
import { load, ownPath, postedForm } from "#app/http/handlers.server.ts";
import { keepOffer, readOffer } from "#app/http/second-factor-offer.server.ts";
import { SubmitButton } from "#app/ui/form/app-form.tsx";
import { FormPage } from "#app/ui/form/form-page.tsx";
import { HiddenField } from "#app/ui/form/hidden-field.tsx";
import { useAppForm } from "#app/ui/form/use-app-form.ts";
import { CodeField } from "#app/ui/identity/code-field.tsx";
import { RequiredNotice } from "#app/ui/identity/required-notice.tsx";
import type { Route } from "./+types/new-second-factor";
import { handOutCodes } from "./hand-out-codes.server.ts";
import { AlreadyShown, ShownCodes } from "./shown-codes.tsx";

export function loader(args: Route.LoaderArgs) {
  return load(args, async (context) => {
    // What was offered before, in a form that was refused or on a page that was loaded again: an app may have it.
    const posted = (await postedForm(args)).get("sealedSecret");
    const offered = await offerSecondFactor(context, posted ?? (await readOffer(args.request)));
    const page = {
      ...offered,
      form: formOf(enableSecondFactorInput),
      goOn: ownPath(args.url.searchParams.get("returnTo"), "/me/security"),
    };
    return data(page, { headers: { "Set-Cookie": await keepOffer(offered.offer.sealedSecret) } });
  });
}

export function action(args: Route.ActionArgs) {
  return handOutCodes(args, enableSecondFactor);
}

export default function NewSecondFactor({ loaderData, actionData }: Route.ComponentProps) {
  const { t } = useTranslation();
  if (actionData && "recoveryCodes" in actionData) {
    const { recoveryCodes } = actionData;
    return <ShownCodes title={t("secondFactor.new.done")} codes={recoveryCodes} goOn={loaderData.goOn} />;
  }
  if (actionData && "shown" in actionData)
    return <AlreadyShown title={t("secondFactor.new.done")} goOn={loaderData.goOn} />;
  return <SetUpForm loaderData={loaderData} refusal={actionData} />;
}

type Props = Pick<Route.ComponentProps, "loaderData"> & { refusal: Parameters<typeof useAppForm>[1] };

function SetUpForm({ loaderData, refusal }: Props) {
  const { t } = useTranslation();
  const { offer, requirement } = loaderData;
  const [form, fields] = useAppForm(loaderData.form, refusal);
  return (
    <FormPage
      title={t(offer.replaces ? "secondFactor.new.titleReplace" : "secondFactor.new.title")}
      intro={t(offer.replaces ? "secondFactor.new.introReplace" : "secondFactor.new.intro")}
      breadcrumbs={[{ label: t("secondFactor.security.title"), to: "/me/security" }]}
      form={form}
    >
      {!offer.replaces && <RequiredNotice requirement={requirement} />}
      <HiddenField field={fields.sealedSecret} value={offer.sealedSecret} />
      <ol className="list-decimal space-y-5 ps-5">
        <li>{t("secondFactor.new.stepApp")}</li>
        <li>
          <p>{t("secondFactor.new.stepScan")}</p>
          <img
            src={offer.qrCode}
            width={232}
            height={232}
            alt={t("secondFactor.new.qrCode")}
            className="mt-3 rounded-card border border-line"
          />
          <p className="mt-3">{t("secondFactor.new.orType")}</p>
          <p className="mt-1">
            <code className="text-base select-all">{offer.secret}</code>
          </p>
          <p className="mt-2">
            <a href={offer.uri}>{t("secondFactor.new.openApp")}</a>
          </p>
        </li>
        <li>
          <CodeField
            field={fields.code}
            label={t("secondFactor.new.code")}
            hint={t("secondFactor.new.codeHint")}
          />
        </li>
      </ol>
      <SubmitButton>{t("secondFactor.new.submit")}</SubmitButton>
    </FormPage>
  );
}
