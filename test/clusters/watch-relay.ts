import type { IncomingMessage, ServerResponse } from "node:http";

/** One watch on its way from the API server to a client, line by line, and what can befall it. */
export class WatchRelay {
  /** The plural that is watched: `pods`. */
  readonly resource: string;
  readonly #answer: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #waiting: string[] = [];
  #rest = "";
  #held = false;
  #version: string;
  #cutsNextLine = false;

  constructor(url: URL, answer: IncomingMessage, response: ServerResponse) {
    this.resource = url.pathname.split("/").at(-1) ?? "";
    this.#version = url.searchParams.get("resourceVersion") ?? "";
    this.#answer = answer;
    this.#response = response;
    answer.setEncoding("utf8");
    answer.on("data", (text: string) => this.#take(text));
    answer.on("end", () => this.end());
    answer.on("error", () => response.destroy());
  }

  /** The stream stays open and says nothing any more. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    for (const line of this.#waiting.splice(0)) this.#pass(line);
  }

  /** As the server ends a round; what is held back stays so. */
  timeOut(): void {
    if (this.#held) return;
    this.#write("BOOKMARK", { metadata: { resourceVersion: this.#version } });
    this.end();
  }

  /** An orderly end; what was held back is lost to this stream. */
  end(): void {
    this.#answer.destroy();
    this.#response.end();
  }

  /** A connection that is reset. */
  reset(): void {
    this.#answer.destroy();
    this.#response.destroy();
  }

  /** The next event is cut in its middle. */
  cutNextLine(): void {
    this.#cutsNextLine = true;
  }

  /** The server does not know any more what happened since the client's version. */
  expire(): void {
    this.#write("ERROR", { kind: "Status", code: 410, message: "too old resource version" });
    this.end();
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) {
      if (this.#held) this.#waiting.push(line);
      else this.#pass(line);
    }
  }

  #pass(line: string): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    if (this.#cutsNextLine) {
      this.#response.write(line.slice(0, line.length / 2), () => this.reset());
      this.#cutsNextLine = false;
      this.#held = true;
      return;
    }
    const event = JSON.parse(line) as {
      readonly object: { readonly metadata: { readonly resourceVersion: string } };
    }; // the API server's own line
    this.#version = event.object.metadata.resourceVersion;
    this.#response.write(`${line}\n`);
  }

  #write(type: string, object: object): void {
    if (!this.#response.writableEnded) {
      this.#response.write(`${JSON.stringify({ type, object })}\n`);
    }
  }
}
