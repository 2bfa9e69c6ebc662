import { createServer } from "node:net";

/*
 * The accepting side: some pods in one process, of which each new connection gets one by chance. One pod
 * after the other is deleted, leaves the choice a random while later, and another takes its place. What it
 * knows is the truth that a client's ledger is held against: when each pod accepted its last connection.
 */
const PODS = 10;
const DELETIONS = 60;
const EVERY_MS = 300;
/** It leaves the choice within this time, at random. */
const LEAVES_WITHIN_MS = 250;

/** One pod's leaving, in milliseconds of the machine's monotonic clock. */
export interface Leaving {
  readonly pod: string;
  readonly deletedAtMs: number;
  readonly leftChoiceAtMs: number;
  readonly lastAcceptedAtMs: number;
}

const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
const answers = new Map<string, Buffer>();
const lastAcceptedAtMs = new Map<string, number>();
const leavings: Leaving[] = [];
let made = 0;
const choice = Array.from({ length: PODS }, newPod);

function newPod(): string {
  const pod = `pod-${made++}`;
  const head = `HTTP/1.1 200 OK\r\nX-Pod: ${pod}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok`;
  answers.set(pod, Buffer.from(head));
  return pod;
}

const server = createServer({ noDelay: true }, (socket) => {
  const pod = choice[Math.floor(Math.random() * choice.length)] ?? "";
  lastAcceptedAtMs.set(pod, nowMs());
  socket.once("data", () => socket.end(answers.get(pod) ?? ""));
  socket.on("error", () => socket.destroy());
});

function deleteOne(): void {
  const deletedAtMs = nowMs();
  const place = leavings.length % PODS;
  const pod = choice[place] ?? "";
  setTimeout(() => {
    choice[place] = newPod();
    const left = { pod, deletedAtMs, leftChoiceAtMs: nowMs() };
    leavings.push({ ...left, lastAcceptedAtMs: lastAcceptedAtMs.get(pod) ?? Number.NaN });
    if (leavings.length === DELETIONS) process.send?.(leavings);
    else setTimeout(deleteOne, EVERY_MS - LEAVES_WITHIN_MS);
  }, Math.random() * LEAVES_WITHIN_MS);
}

server.listen(0, "127.0.0.1", () => process.send?.(server.address()));
process.on("message", deleteOne);
process.on("disconnect", () => process.exit());
