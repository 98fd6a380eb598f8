/**
 * How the web process is started. Both flags are for memory, and cost no time that could be measured:
 * `--max-semi-space-size`, in MiB, because V8 otherwise lets young objects take 100 MiB and more before it looks which
 * of them are still needed; `--expose-gc` for uploads, which leave a mebibyte of garbage for each one that they move
 * (app/http/upload-body.server.ts). It runs without them, too, and takes more.
 */
export const webArguments = ["--max-semi-space-size=4", "--expose-gc", "server.ts"];
