import { expect, it } from "vitest";
import { localCommand } from "./running-container.ts";

const place = {
  workingDirectory: "/",
  env: { PATH: "/usr/bin:/bin" },
  mounts: [{ containerPath: "/data", localPath: "/bin" }],
  ownMounts: [],
};

it("calls a program by the name that it was given, which it puts before its complaints", () => {
  expect(localCommand(["sh", "-c", "ls /data"], place).command).toEqual(["sh", "-c", "ls /bin"]);
  expect(localCommand(["/data/sh"], place).command).toEqual(["/bin/sh"]);
});
