import { once } from "node:events";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

/** A real SMTP server on a port, which keeps what it takes. */
export interface MailServer {
  received: ParsedMail[];
  /** The reply code for every recipient from now on; undefined takes them. */
  refuseWith(code: number | undefined): void;
  /** Runs when the next mail is there, before the sender is told that it was taken. */
  onceBeforeAnswer(act: () => void): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function makeMailServer(port: number): MailServer {
  const received: ParsedMail[] = [];
  let refusal: number | undefined;
  let beforeAnswer: (() => void) | undefined;
  let server: SMTPServer | undefined;
  return {
    received,
    refuseWith(code) {
      refusal = code;
    },
    onceBeforeAnswer(act) {
      beforeAnswer = act;
    },
    async start() {
      server = new SMTPServer({
        authOptional: true,
        disabledCommands: ["STARTTLS"],
        onRcptTo(_address, _session, done) {
          if (refusal) done(Object.assign(new Error("no"), { responseCode: refusal }));
          else done();
        },
        onData(stream, _session, done) {
          simpleParser(stream).then((mail) => {
            received.push(mail);
            beforeAnswer?.();
            beforeAnswer = undefined;
            done();
          }, done);
        },
      });
      // Clients that are cut off are no failure of the server.
      server.on("error", () => {});
      server.listen(port, "127.0.0.1");
      await once(server.server, "listening");
    },
    async stop() {
      await new Promise<void>((closed) => (server ? server.close(closed) : closed()));
      server = undefined;
    },
  };
}
