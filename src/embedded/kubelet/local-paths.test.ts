import { mkdtempSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { toContainerPaths, toLocalPaths } from "./local-paths.ts";

describe("toLocalPaths", () => {
  const mounts = [
    { containerPath: "/data", localPath: "/vol/data" },
    { containerPath: "/data/cache/", localPath: "/vol/cache" },
    { containerPath: "/tmp", localPath: "/own/tmp" },
  ];

  it("rewrites a mount path as a whole and as the beginning of a path", () => {
    expect(toLocalPaths("/data", mounts)).toBe("/vol/data");
    expect(toLocalPaths("/data/", mounts)).toBe("/vol/data/");
    expect(toLocalPaths("/data/a/b.txt", mounts)).toBe("/vol/data/a/b.txt");
  });

  it("prefers the longest mount path and rewrites a text once", () => {
    expect(toLocalPaths("/data/cache/x:/data/x", mounts)).toBe("/vol/cache/x:/vol/data/x");
    const nested = [{ containerPath: "/vol", localPath: "/elsewhere" }, ...mounts];
    expect(toLocalPaths("/data", nested)).toBe("/vol/data");
  });

  it("finds paths inside flags, scripts and file URLs", () => {
    expect(toLocalPaths("--dir=/data", mounts)).toBe("--dir=/vol/data");
    expect(toLocalPaths("cat </data/a >'/data/b';ls /data", mounts)).toBe(
      "cat </vol/data/a >'/vol/data/b';ls /vol/data",
    );
    expect(toLocalPaths("file:///data/x", mounts)).toBe("file:///vol/data/x");
  });

  it("leaves alone what only looks like a mount path", () => {
    for (const text of ["/database", "/srv/data", "http://host/data", "data", "/data2/x"]) {
      expect(toLocalPaths(text, mounts)).toBe(text);
    }
  });

  it("gives the container its own /tmp, but not what the host has there", () => {
    const directory = mkdtempSync("/tmp/lastcall-paths-");
    try {
      expect(toLocalPaths("touch /tmp/lastcall-none; ls /tmp", mounts)).toBe(
        "touch /own/tmp/lastcall-none; ls /own/tmp",
      );
      const file = `/tmp/${basename(directory)}/server.js`;
      expect(toLocalPaths(file, mounts)).toBe(file);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("cannot rewrite the root", () => {
    expect(toLocalPaths("/x", [{ containerPath: "/", localPath: "/root" }])).toBe("/x");
  });
});

describe("toContainerPaths", () => {
  it("gives what a program printed the paths that it knows, the longest first", () => {
    const mounts = [
      { containerPath: "/data/", localPath: "/vol" },
      { containerPath: "/tmp", localPath: "/vol/own/tmp" },
    ];
    const printed = "cat: '/vol/own/tmp/ok': none, /vol/a, /volume, /vol";
    expect(toContainerPaths(printed, mounts)).toBe("cat: '/tmp/ok': none, /data/a, /volume, /data");
  });
});
