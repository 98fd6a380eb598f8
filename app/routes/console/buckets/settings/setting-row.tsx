import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Setting } from "#app/domain/bucket-settings/read-settings.ts";

interface SettingRowProps<Value> {
  setting: Setting<Value>;
  /** Where it is changed, or looked at; false for those who may not. */
  to: string | false;
  link: string;
  children: (value: Value) => ReactNode;
}

/** What one setting is, and the way to its page: not where there is nothing to do. */
export function SettingRow<Value>({ setting, to, link, children }: SettingRowProps<Value>) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1">
      <div className="min-w-0 grow basis-56">
        {setting.standing === "known" ? (
          children(setting.value)
        ) : (
          <span className="text-muted">
            {t(setting.standing === "unknown" ? "bucketSettings.unknown" : "bucketSettings.unsupported")}
          </span>
        )}
      </div>
      {to && setting.standing !== "unsupported" && (
        <Link to={to} className="shrink-0">
          {link}
        </Link>
      )}
    </div>
  );
}
