import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { AppForm, SubmitButton } from "../form/app-form.tsx";
import type { ButtonVariant } from "../form/button.tsx";

/** A provider as pages know it. */
export interface ProviderChoice {
  id: string;
  name: string;
}

/** What a visit to a provider is for; the callback does it. */
export type ProviderPurpose = "sign-in" | "link" | "reauthenticate" | "confirm-sign-up";

interface ProviderFormProps {
  provider: ProviderChoice;
  purpose?: ProviderPurpose;
  /** A path of ours to go to afterwards. */
  returnTo?: string;
  /** The token of the mailed link, where a sign-up is confirmed. */
  signUpToken?: string;
  variant?: ButtonVariant;
  /** On the button; "Continue with …" where nothing is said. */
  label?: string;
}

/** A button that leads to a provider. A form, since it begins something; its answer leads to another site. */
export function ProviderForm({
  provider,
  purpose,
  returnTo,
  signUpToken,
  variant,
  label,
}: ProviderFormProps) {
  const { t } = useTranslation();
  return (
    <AppForm action={`/auth/${provider.id}`} reloadDocument className="grid">
      {purpose && <input type="hidden" name="purpose" value={purpose} />}
      {returnTo && <input type="hidden" name="returnTo" value={returnTo} />}
      {signUpToken && <input type="hidden" name="signUpToken" value={signUpToken} />}
      <SubmitButton variant={variant ?? "secondary"}>
        {label ?? t("identities.continueWith", { provider: provider.name })}
      </SubmitButton>
    </AppForm>
  );
}

interface ProviderButtonsProps {
  providers: ProviderChoice[];
  /** Where to come back to, where the page's own address does not say so. */
  returnTo?: string;
}

/** The other ways in, below a form that asks for a password; nothing where none is set up. */
export function ProviderButtons({ providers, returnTo }: ProviderButtonsProps) {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  if (providers.length === 0) return null;
  return (
    <section aria-labelledby="other-ways" className="mt-6 border-t border-line pt-5">
      <h2 id="other-ways" className="text-base">
        {t("identities.otherWays")}
      </h2>
      <ul className="mt-3 space-y-2">
        {providers.map((provider) => (
          <li key={provider.id}>
            <ProviderForm provider={provider} returnTo={returnTo ?? search.get("returnTo") ?? undefined} />
          </li>
        ))}
      </ul>
    </section>
  );
}
