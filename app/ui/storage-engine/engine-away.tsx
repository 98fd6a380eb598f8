import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Notice } from "../layout/notice.tsx";

/** Said on every page while the engine does not answer. @param stateAt where operators read more of it */
export function EngineAway({ stateAt }: { stateAt?: string }) {
  const { t } = useTranslation();
  return (
    <div className="mb-6">
      <Notice tone="warning" title={t("common.engineAway.title")}>
        <p>{t(stateAt ? "common.engineAway.staffText" : "common.engineAway.text")}</p>
        {stateAt && (
          <p>
            <Link to={stateAt}>{t("common.engineAway.link")}</Link>
          </p>
        )}
      </Notice>
    </div>
  );
}
