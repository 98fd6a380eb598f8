import { sealEvents } from "#app/domain/audit/seal-events.ts";
import { log } from "#app/ports/logger.server.ts";

const pauseMs = 1_000;

/** Seals audit events as they come, within about a second. A worker that is down leaves them waiting. */
export function startSealing(): { stop: () => Promise<void> } {
  let stopped = false;
  let wake = () => {};
  async function run(): Promise<void> {
    while (!stopped) {
      try {
        await sealEvents();
      } catch (error) {
        log.error({ err: error }, "audit events could not be sealed");
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, pauseMs);
      });
    }
  }
  const running = run();
  return {
    async stop() {
      stopped = true;
      wake();
      await running;
    },
  };
}
