import { useTranslation } from "react-i18next";
import { href } from "react-router";
import { ButtonLink } from "#app/ui/form/button.tsx";
import { Notice } from "#app/ui/layout/notice.tsx";
import { InstallationTime } from "#app/ui/values.tsx";

interface NextStepsProps {
  until: Date;
  params: { account: string; key: string };
}

/** On the page with the new key's secret: what is still to be done, and where it goes on. */
export function NextSteps({ until, params }: NextStepsProps) {
  const { t } = useTranslation();
  return (
    <div className="mt-6">
      <Notice title={t("rotations.next.title")}>
        <p>
          {t("rotations.bothUntil")} <InstallationTime at={until} />
        </p>
        <p>{t("rotations.next.text")}</p>
        <p className="mt-3">
          <ButtonLink to={href("/accounts/:account/access-keys/:key/rotation", params)}>
            {t("rotations.notice.link")}
          </ButtonLink>
        </p>
      </Notice>
    </div>
  );
}
