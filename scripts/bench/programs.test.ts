import { describe, expect, it } from "vitest";
import { parseHey, parseWrk } from "./programs.ts";

describe("parseWrk", () => {
  it("counts answers of success apart from other answers and from losses", () => {
    const output = `Running 1s test @ http://127.0.0.1:8080/items
  1 threads and 50 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.10ms    2.22ms  25.75ms   94.99%
    Req/Sec    12.22k     1.01k   13.32k    80.00%
  12257 requests in 1.01s, 2.10MB read
  Socket errors: connect 1, read 20, write 3, timeout 4
  Non-2xx or 3xx responses: 245
Requests/sec:  12133.45
Transfer/sec:      2.08MB
`;
    expect(parseWrk(output)).toEqual({ ok: 12_012, notOk: 273 });
  });

  it("finds no losses where wrk does not speak of any", () => {
    expect(parseWrk("  100 requests in 1.00s, 17KB read")).toEqual({ ok: 100, notOk: 0 });
  });
});

describe("parseHey", () => {
  it("counts every status and every error", () => {
    const output = `Summary:
  Total:	1.0211 secs

Response time histogram:
  0.001 [1]	|
  0.101 [979]	|■■■■■■■■■■■■■■■■

Status code distribution:
  [200]	950 responses
  [503]	20 responses

Error distribution:
  [20]	Get "http://127.0.0.1:44109/items": context deadline exceeded
  [10]	Get "http://127.0.0.1:44109/items": EOF
`;
    expect(parseHey(output)).toEqual({ ok: 950, notOk: 50 });
  });

  it("finds no errors where hey does not speak of any", () => {
    const output = "Status code distribution:\n  [200]\t1000 responses\n\n\n\n";
    expect(parseHey(output)).toEqual({ ok: 1_000, notOk: 0 });
  });
});
