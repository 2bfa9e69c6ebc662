import { defineConfig } from "vitest/config";

/** What every project needs: the sources as they are, and Node's own condition for them. */
const base = {
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...base,
        test: {
          name: "unit",
          include: [
            "src/**/*.test.ts",
            "scripts/**/*.test.ts",
            "scenarios/**/*.test.ts",
            "features/**/*.test.ts",
            "test/**/*.test.ts",
          ],
          exclude: [
            "test/browser/**",
            "test/netns/**",
            "test/catches/catches.test.ts",
            "test/catches/few-catches.test.ts",
            "test/clusters/watch-faults.test.ts",
            "test/postgres/**",
            "test/deploy/**",
            "test/command-line/canaries.test.ts",
            "test/command-line/prove-advice.test.ts",
            "test/command-line/try.test.ts",
            "test/embedded/kubectl-session.test.ts",
            "test/kubectl/**",
          ],
          pool: "forks",
          // Most of them wait most of the time; vitest's own choice leaves one processor of two idle.
          maxWorkers: "100%",
          execArgv: ["--conditions=source"],
          testTimeout: 30_000,
        },
      },
      {
        ...base,
        test: {
          // Whole runs, in `npm test` as a group that runs alone: beside unit tests they would be late and prove nothing.
          name: "few-catches",
          sequence: { groupOrder: 1 },
          include: [
            "test/catches/few-catches.test.ts",
            "test/clusters/watch-faults.test.ts",
            "test/command-line/canaries.test.ts",
          ],
          pool: "forks",
          execArgv: ["--conditions=source"],
          testTimeout: 120_000,
        },
      },
      {
        ...base,
        test: {
          // Whole runs on the embedded cluster, one at a time: two would disturb each other's clock.
          // A machine that was too busy proves nothing; a second try tells it from a blind harness.
          name: "catches",
          retry: 1,
          include: [
            "test/catches/catches.test.ts",
            "test/command-line/prove-advice.test.ts",
            "test/command-line/try.test.ts",
          ],
          pool: "forks",
          fileParallelism: false,
          execArgv: ["--conditions=source"],
          testTimeout: 180_000,
        },
      },
      {
        ...base,
        test: {
          // Needs a PostgreSQL server's programs; `npm run postgres` says so when there are none. Whole
          // runs are among them, so what is said of the catches holds here too.
          name: "postgres",
          retry: 1,
          include: ["test/postgres/**/*.test.ts"],
          pool: "forks",
          fileParallelism: false,
          execArgv: ["--conditions=source"],
          testTimeout: 180_000,
        },
      },
      {
        ...base,
        test: {
          // Needs root, ip and nft, and fails without. What the kubelet does to pods must not depend on their
          // network, so its tests run here once more, with a namespace for each pod.
          name: "netns",
          include: [
            "test/netns/**/*.test.ts",
            "src/embedded/kubelet/*.test.ts",
            "src/embedded/kubelet/server/*.test.ts",
            "src/embedded/kubelet/runtime/*.test.ts",
          ],
          setupFiles: ["test/netns/open-test-network.ts"],
          hookTimeout: 60_000,
          pool: "forks",
          execArgv: ["--conditions=source"],
          testTimeout: 30_000,
        },
      },
      {
        ...base,
        test: {
          // Needs kubectl; `npm run test:kubectl` says so when there is none.
          name: "kubectl",
          include: ["test/embedded/kubectl-session.test.ts", "test/kubectl/**/*.test.ts"],
          pool: "forks",
          execArgv: ["--conditions=source"],
          testTimeout: 60_000,
        },
      },
      {
        ...base,
        test: {
          // Needs Prometheus and docker-compose; `npm run test:deploy` says so when there are none.
          name: "deploy",
          include: ["test/deploy/**/*.test.ts"],
          pool: "forks",
          execArgv: ["--conditions=source"],
          testTimeout: 60_000,
        },
      },
      {
        ...base,
        test: {
          // Needs Chromium; `npm run browser` says so when there is none.
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          pool: "forks",
          execArgv: ["--conditions=source"],
          testTimeout: 60_000,
        },
      },
    ],
  },
});
