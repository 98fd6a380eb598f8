import { useTranslation } from "react-i18next";
import type { Device } from "#app/domain/identity/sessions/device.ts";

/** What a session is used with, in words: "Firefox on Linux". */
export function useDeviceName(): (device: Device) => string {
  const { t } = useTranslation();
  return ({ browser, system }) =>
    browser && system
      ? t("profile.sessions.deviceOn", { browser, system })
      : (browser ?? system ?? t("profile.sessions.unknownDevice"));
}
